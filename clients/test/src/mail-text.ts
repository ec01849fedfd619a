// What a mail says (RFC 5322, RFC 2045 to 2047), as far as the server writes it: a text, and perhaps the same in HTML.

export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export function readMail(raw: string): MailText {
  const mail = split(raw)
  const parts = leaves(mail)
  const bodyOf = (type: string): string => {
    const part = parts.find(({ headers }) => (headers.get('content-type') ?? 'text/plain').startsWith(type))
    return part === undefined ? '' : decode(part)
  }
  return {
    subject: inWords(mail.headers.get('subject') ?? ''),
    text: bodyOf('text/plain'),
    html: bodyOf('text/html'),
  }
}

function split(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [raw, ''] : [raw.slice(0, end), raw.slice(end + 4)]
  const lines = head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: new Map(headers), body }
}

/** The parts that hold no others. */
function leaves(part: Part): Part[] {
  const type = part.headers.get('content-type') ?? ''
  const [, quoted, plain] = /^multipart\/.*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return [part]
  const pieces = `\r\n${part.body}`.split(`\r\n--${boundary}`).slice(1)
  return pieces.filter((piece) => !piece.startsWith('--')).flatMap((piece) => leaves(split(piece.slice(2))))
}

function decode({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? ''
  return (DECODERS[encoding]?.(body) ?? body).replaceAll('\r\n', '\n')
}

const DECODERS: Readonly<Record<string, (text: string) => string>> = {
  base64: fromBase64,
  'quoted-printable': fromQuoted,
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}

function fromQuoted(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([\dA-F]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Encoded words of a header (RFC 2047) in UTF-8. */
function inWords(text: string): string {
  return text
    .replaceAll(/(\?=)\s+(=\?)/g, '$1$2')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      how.toUpperCase() === 'B' ? fromBase64(word) : fromQuoted(word.replaceAll('_', ' ')),
    )
}
