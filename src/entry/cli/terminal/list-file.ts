// Reads a file with a list, in the encoding that a spreadsheet or an editor wrote it in.
import { Option } from 'commander'
import { readFileSync } from 'node:fs'

import { CliFailure, errorCodeOf } from './failure.ts'

const ENCODINGS = ['utf-8', 'utf-16le', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** The flag `--encoding`, for a file that neither is UTF-8 nor begins with a byte order mark. */
export function encodingFlag(): Option {
  return new Option('--encoding <name>', 'encoding of a file that is not UTF-8').choices(ENCODINGS)
}

/**
 * Returns the text of a file. A byte order mark decides its encoding, else `encoding`, and UTF-8 without either. Throws a `CliFailure` for a
 * file that cannot be read, and for bytes that the encoding does not have: a replacement character would become part of a name.
 */
export function readListFile(file: string, encoding: Encoding = 'utf-8'): string {
  const bytes = readBytes(file)
  const wanted = markedEncoding(bytes) ?? encoding
  const text = decoded(bytes, wanted)
  // UTF-16 without a mark is valid UTF-8 with a NUL beside each letter.
  if (text !== undefined && !text.includes('\0')) return text
  throw CliFailure.usage(
    wanted === 'utf-8'
      ? `The file ${file} is not UTF-8. Save it as "CSV UTF-8" in the spreadsheet, or name its encoding, such as --encoding windows-1252.`
      : `The file ${file} is not ${wanted}. Save it as "CSV UTF-8" in the spreadsheet.`,
  )
}

/** Returns the content of a file. Throws a `CliFailure` for a file that cannot be read. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw CliFailure.usage(`The file ${file} cannot be read (${errorCodeOf(error) || 'unknown error'}).`)
  }
}

const MARKS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const

/** The encoding that a byte order mark at the beginning names; undefined without one. */
function markedEncoding(bytes: Buffer): (typeof MARKS)[number][0] | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0]
}

/** The text without its byte order mark; undefined where the bytes are no text in this encoding. */
function decoded(bytes: Buffer, encoding: Encoding | 'utf-16be'): string | undefined {
  if (encoding === 'windows-1252') return decodedWindows1252(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** What windows-1252 has at the bytes 0x80 to 0x9F; a blank where it has no character. */
const UPPER = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

/**
 * Decodes windows-1252 without `TextDecoder`, which in Node 24 reads these bytes as the control characters of ISO 8859-1 (decision 0061).
 */
function decodedWindows1252(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1').replaceAll(/[\x80-\x9f]/g, (one) => UPPER[one.charCodeAt(0) - 0x80] ?? ' ')
  const undefinedBytes = bytes.some((byte) => byte >= 0x80 && byte <= 0x9f && UPPER[byte - 0x80] === ' ')
  return undefinedBytes ? undefined : text
}
