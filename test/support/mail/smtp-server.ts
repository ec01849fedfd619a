// A real SMTP server for tests, which keeps the mails that it accepts.
import { EventEmitter, once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

import { mailDeliveryJob } from '#domain/mail/delivery.job.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import type { Dependencies } from '#foundation/context.ts'

export interface ReceivedMail {
  /** The recipients of the envelope. */
  readonly to: readonly string[]
  readonly from: string
  /** With angle brackets. */
  readonly messageId: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Headers and body as they came. */
  readonly raw: string
}

export interface TestSmtpServer {
  readonly port: number
  /** The mails that it has accepted, in the order of their acceptance, which parallel connections do not keep. */
  readonly mails: readonly ReceivedMail[]
  /** The settings of a server that sends its mails here. */
  readonly settings: Readonly<Record<string, string>>
  /** Forgets the mails that it has accepted so far. */
  forget(): void
  /** The mails to an email. */
  to(address: string): ReceivedMail[]
  /** Resolves in the moment in which it has accepted so many mails, in all. */
  accepted(count: number): Promise<void>
  close(): Promise<void>
}

/** Starts an SMTP server on loopback without TLS, which closes with the test. `options` are those of the package. */
export async function startSmtpServer(
  t: TestContext,
  options: SMTPServerOptions = {},
  host = '127.0.0.1',
): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = []
  const accepted = new EventEmitter()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    ...options,
    async onData(stream, session, callback) {
      const raw = await buffer(stream).then(String, () => undefined)
      // The client broke off.
      if (raw === undefined) return
      if (options.onData) return options.onData(stream, session, callback)
      mails.push(await received(raw, session.envelope))
      callback()
      accepted.emit('mail')
    },
  })
  // A client that breaks off is what some tests are about.
  server.on('error', () => undefined)
  const listener = server.listen(0, host)
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const close = (): Promise<void> => promisify(server.close.bind(server))()
  t.after(close)
  return {
    port,
    mails,
    settings: { mail_host: '127.0.0.1', mail_port: String(port), mail_tls: 'none', mail_from: 'doorward@example.org' },
    async accepted(count) {
      while (mails.length < count) await once(accepted, 'mail')
    },
    forget: () => void mails.splice(0),
    to: (address) => mails.filter(({ to }) => to.includes(address)),
    close,
  }
}

async function received(
  raw: string,
  envelope: { readonly rcptTo: readonly { address: string }[] },
): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw)
  return {
    to: envelope.rcptTo.map(({ address }) => address),
    from: mail.from?.address ?? '',
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    raw,
  }
}

/** The handler of a step that refuses it with a code of SMTP. */
export function smtpError(responseCode: number) {
  return (...given: unknown[]): void => {
    const done = given.at(-1) as (error: Error) => void
    done(Object.assign(new Error('Not now'), { responseCode }))
  }
}

/** Runs the delivery of mails once: every mail that is due is sent, or its attempt has failed. */
export async function deliverQueuedMails(deps: Dependencies): Promise<void> {
  const job = mailDeliveryJob()
  await job.run(jobContext(deps), new AbortController().signal)
  await job.settle?.()
}

/** The links in the text of a mail, as paths. */
export function linksIn({ text }: ReceivedMail): string[] {
  return [...text.matchAll(/https?:\/\/[^/\s]+(\/\S+)/g)].map(([, path = '']) => path)
}
