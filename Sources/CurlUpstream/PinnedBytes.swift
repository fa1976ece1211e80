internal import NIOCore

/// Keeps a buffer's bytes where they are while curl reads them: `CURLOPT_POSTFIELDS` does not copy.
@safe final class PinnedBytes {
    let pointer: UnsafeMutableRawPointer?
    let count: Int
    private let storage: Unmanaged<AnyObject>

    init(_ buffer: ByteBuffer) {
        count = buffer.readableBytes
        unsafe (pointer, storage) = unsafe buffer.withUnsafeReadableBytesWithStorageManagement {
            bytes, storage in
            unsafe (UnsafeMutableRawPointer(mutating: bytes.baseAddress), storage.retain())
        }
    }

    deinit {
        unsafe storage.release()
    }
}
