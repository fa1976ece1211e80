#pragma once

/// Typed forms of libcurl's variadic calls, which Swift cannot make.

#include <curl/curl.h>
#include <stddef.h>

static inline CURLcode memgate_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode memgate_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode memgate_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode memgate_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode memgate_set_const_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode memgate_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
typedef size_t (*memgate_data_callback)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode memgate_set_data_callback(CURL *easy, CURLoption option, memgate_data_callback value) {
    return curl_easy_setopt(easy, option, value);
}
typedef int (*memgate_seek_callback)(void *context, curl_off_t offset, int origin);
static inline CURLcode memgate_set_seek_callback(CURL *easy, memgate_seek_callback value) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, value);
}
typedef int (*memgate_close_callback)(void *context, curl_socket_t socket);
static inline CURLcode memgate_set_close_callback(CURL *easy, memgate_close_callback value) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}
static inline CURLcode memgate_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode memgate_get_pointer(CURL *easy, CURLINFO info, void *value) {
    return curl_easy_getinfo(easy, info, (char **)value);
}
static inline CURLMcode memgate_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode memgate_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
typedef int (*memgate_socket_callback)(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
static inline CURLMcode memgate_multi_set_socket_callback(CURLM *multi, memgate_socket_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}
typedef int (*memgate_timer_callback)(CURLM *multi, long milliseconds, void *context);
static inline CURLMcode memgate_multi_set_timer_callback(CURLM *multi, memgate_timer_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}
