// Sends mails over SMTP (RFC 5321), over connections that are kept.
import type * as Library from 'nodemailer'

import { isMailable } from '../../kernel/mailable.ts'
import { seconds } from '../../kernel/time.ts'
import type { Duration } from '../../kernel/time.ts'
import type { MailSettings } from '../config/types.ts'
import { scrubText } from '../logging/log-redaction.ts'

/** One mail as SMTP carries it. */
export interface OutgoingMail {
  readonly fromName: string
  readonly recipient: string
  /** With angle brackets. */
  readonly messageId: string
  readonly date: Date
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** `refused`: the server will not take this mail, now or later; `failed`: it may take it later. */
export type SendResult = { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'failed'; readonly error: string }

export interface Mailer {
  /** Sends one mail. Never throws. */
  send(mail: OutgoingMail): Promise<SendResult>
  /** Connects and authenticates without sending; returns what failed, undefined where nothing did. */
  check(): Promise<string | undefined>
  /** Closes idle connections now, others after their mail; after `grace` also those that are sending. */
  close(grace?: Duration): void
}

const LONGEST_ERROR = 300
/** Connections to the SMTP server. */
export const MAIL_CONNECTIONS = 4
/** How long a connection is kept without a mail. */
const IDLE = seconds(30)
/** The parts of the deadline after which a silent server is given up: while it is connected to, and during a mail. */
const [TO_CONNECT, TO_ANSWER] = [1 / 6, 1 / 2]

/**
 * A mailer that opens no connection until the first mail. An attempt fails after `deadline`, with all others in progress, because a server
 * that trickles its answers would hold a connection for ever. The library is loaded here, because most commands send nothing.
 */
export async function newMailer(settings: MailSettings, deadline: Duration): Promise<Mailer> {
  const library = await import('nodemailer')
  const open = () => newPool(library, settings, deadline)
  let pool = open()
  const restart = (): void => {
    pool.close({ force: true })
    pool = open()
  }
  return {
    async send(mail) {
      // The library would read a list in it, and send to each address.
      if (!isMailable(mail.recipient)) return { kind: 'refused', error: 'Mail cannot be sent to this address.' }
      const sending = pool.sendMail({
        from: { name: mail.fromName, address: settings.from },
        to: { name: '', address: mail.recipient },
        envelope: { from: settings.from, to: [mail.recipient] },
        messageId: mail.messageId,
        date: mail.date,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const late = setTimeout(restart, deadline)
      try {
        await sending
        return { kind: 'accepted' }
      } catch (error) {
        return failureOf(error)
      } finally {
        clearTimeout(late)
      }
    },
    async check() {
      try {
        await pool.verify()
        return undefined
      } catch (error) {
        return failureOf(error).error
      }
    },
    close(grace) {
      pool.close()
      if (grace === undefined) return
      setTimeout(() => pool.close({ force: true }), grace).unref()
    },
  }
}

function newPool({ createTransport }: typeof Library, settings: MailSettings, deadline: Duration) {
  const { host, port, tls, user, password } = settings
  const toConnect = deadline * TO_CONNECT
  return createTransport({
    pool: true,
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(user !== null && password !== null && { auth: { user, pass: password.reveal() } }),
    maxConnections: MAIL_CONNECTIONS,
    maxRequeues: 0,
    idleTimeout: IDLE,
    connectionTimeout: toConnect,
    greetingTimeout: toConnect,
    dnsTimeout: toConnect,
    socketTimeout: deadline * TO_ANSWER,
  })
}

/**
 * A permanent answer (5yz) to the envelope or the content is about this mail; one to anything else is about the server. A server may quote
 * the mail in its answer, with the link.
 */
function failureOf(error: unknown): Extract<SendResult, { error: string }> {
  const {
    responseCode = 0,
    code = '',
    message = '',
  } = error as { responseCode?: number; code?: string; message?: string }
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const words = scrubText(`${code} ${message}`).replaceAll(/[\p{C}\s]+/gu, ' ')
  return {
    kind: isAboutMail && responseCode >= 500 ? 'refused' : 'failed',
    error: words.trim().slice(0, LONGEST_ERROR),
  }
}
