// The mails that the server has sent: a small SMTP server (RFC 5321) on loopback, and what a test reads of a mail.
import { EventEmitter, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

import { readMail } from './mail-text.ts'

export interface ReceivedMail {
  /** The recipients of the envelope. */
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The URLs in the text. */
  readonly links: readonly string[]
  /** Headers and body as they came. */
  readonly raw: string
}

/** In milliseconds. The server sends a mail within a second. */
const WAITED = 10_000

export class Mails {
  /** Every mail, in the order in which they came. */
  readonly all: ReceivedMail[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #came = new EventEmitter()
  readonly #read = new Set<ReceivedMail>()

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket.once('close', () => this.#sockets.delete(socket)))
      socket.on('error', () => socket.destroy())
      receive(socket, (to, raw) => {
        const mail = readMail(raw)
        this.all.push({ to, ...mail, links: mail.text.match(/https?:\/\/\S+/g) ?? [], raw })
        this.#came.emit('mail')
      })
    })
  }

  static async open(): Promise<Mails> {
    const mails = new Mails()
    mails.#server.listen(0, '127.0.0.1')
    await once(mails.#server, 'listening')
    return mails
  }

  /** The settings of a server that sends its mails here. */
  get settings(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as { port: number }
    return { mail_host: '127.0.0.1', mail_port: String(port), mail_tls: 'none' }
  }

  /** The mails to a user or an email so far. */
  to(recipient: Recipient): ReceivedMail[] {
    const email = emailOf(recipient)
    return this.all.filter(({ to }) => to.includes(email))
  }

  /**
   * The next mail to a user or an email that `next` has not returned yet; waits for it, 10 s at most. Mails that the test is not about can be
   * left out by their subject.
   */
  async next(recipient: Recipient, { subject = /(?:)/, within = WAITED } = {}): Promise<ReceivedMail> {
    const signal = AbortSignal.timeout(within)
    for (;;) {
      const mail = this.to(recipient).find((one) => !this.#read.has(one) && subject.test(one.subject))
      if (mail !== undefined) {
        this.#read.add(mail)
        return mail
      }
      await once(this.#came, 'mail', { signal }).catch((cause: unknown) => {
        throw new Error(this.#nothing(recipient, within), { cause })
      })
    }
  }

  #nothing(recipient: Recipient, within: number): string {
    const came = this.to(recipient).map((mail) => `“${mail.subject}”`)
    const rest = came.length > 0 ? `There were ${came.join(', ')}.` : 'There was none so far.'
    const hint = 'The server sends most mails to verified emails only: door.user({ …, verifiedEmail: true }).'
    return `No mail to ${emailOf(recipient)} came within ${within} ms. ${rest} ${hint}`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

export type Recipient = string | { readonly username: string; readonly email: string | null }

function emailOf(recipient: Recipient): string {
  if (typeof recipient === 'string') return recipient
  if (recipient.email !== null) return recipient.email
  throw new Error(`${recipient.username} has no email. Give one: door.user({ email: 'ada@example.org' }).`)
}

/** Answers one client of SMTP, without extensions. */
function receive(socket: Socket, deliver: (to: readonly string[], raw: string) => void): void {
  let [typed, message]: [string, string[] | undefined] = ['', undefined]
  let to: string[] = []
  const say = (line: string): unknown => socket.write(`${line}\r\n`)
  const onLine = (line: string): unknown => {
    if (message !== undefined) {
      if (line !== '.') return message.push(line.replace(/^\./, ''))
      deliver(to, message.join('\r\n'))
      message = undefined
      return say('250 kept')
    }
    const [, word = '', rest = ''] = /^(\w+)(.*)$/.exec(line) ?? []
    const email = /<([^>]*)>/.exec(rest)?.[1] ?? ''
    switch (word.toUpperCase()) {
      case 'MAIL':
      case 'RSET':
        to = []
        return say('250 ok')
      case 'RCPT':
        to.push(email)
        return say('250 ok')
      case 'DATA':
        message = []
        return say('354 go on')
      case 'QUIT':
        return socket.end('221 bye\r\n')
      case 'EHLO':
      case 'HELO':
      case 'NOOP':
        return say('250 localhost')
      default:
        return say('502 unknown')
    }
  }
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (typed + text).split('\r\n')
    typed = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  say('220 localhost')
}
