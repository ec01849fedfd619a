/** The longest address that fits a path of SMTP (RFC 5321 §4.5.3.1.3). */
const LONGEST = 254

/** U+FE6B and U+FF20 are read as `@` by what normalizes first. */
const ADDRESS = /^[^\s\p{C}<>()[\]\\,;:"@\uFE6B\uFF20]+@[^\s\p{C}<>()[\]\\,;:"@\uFE6B\uFF20]+$/u

/**
 * Whether mail can be sent to this address. Addresses with quotes, comments, lists or control characters are refused: in a header or a
 * command of SMTP they could name further recipients.
 */
export function isMailable(address: string): boolean {
  return address.length <= LONGEST && ADDRESS.test(address) && !address.startsWith('-')
}
