/// Where bytes stand in others. What clients send is searched byte by byte: as characters, a message of the
/// size that a body may have would hold up its event loop for seconds.
enum ByteSearch {
    /// The first place of some bytes at or behind a place.
    static func range(of wanted: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard let first = wanted.first, wanted.count <= bytes.count else { return nil }
        let (bytes, wanted) = (bytes.span, wanted.span)
        var place = start
        while place <= bytes.count - wanted.count {
            if bytes[place] == first {
                var length = 1
                while length < wanted.count, bytes[place + length] == wanted[length] { length += 1 }
                if length == wanted.count { return place..<place + length }
            }
            place += 1
        }
        return nil
    }
}
