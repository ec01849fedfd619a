// Sends mails over SMTP (RFC 5321), over connections that are kept.
import type * as Library from 'nodemailer'

import { isMailable } from '#foundation/kernel/mailable.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
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

/**
 * `refused`: the server takes this mail neither now nor later · `blocked`: the server takes no mail from this server or its sender until an
 * operator changes something · `timed-out`: the server did not answer in time · `failed`: any other failure; the server may take the mail later.
 */
export type SendResult =
  | { readonly kind: 'accepted'; readonly answer: string }
  | { readonly kind: 'refused' | 'blocked' | 'timed-out' | 'failed'; readonly error: string }

export interface Mailer {
  /** Sends one mail. Never throws. */
  send(mail: OutgoingMail): Promise<SendResult>
  /** Connects and authenticates without sending; returns what failed, undefined where nothing did. */
  check(): Promise<string | undefined>
  /** Closes idle connections now, others after their mail; after `grace` also those that are sending. */
  close(grace?: Duration): void
}

const LONGEST_ANSWER = 300
/** Connections to the SMTP server. */
export const MAIL_CONNECTIONS = 4
/** How long a connection is kept without a mail. */
const IDLE = seconds(30)
/** The parts of the deadline after which a silent server is given up: while it is connected to, and during a mail. */
const [TO_CONNECT, TO_ANSWER] = [1 / 6, 1 / 2]
/** By how much a timer may end before its time on another clock. */
const TIMER_SLACK: Duration = 20

/**
 * A mailer that opens no connection until the first mail. An attempt fails after `deadline`, because a server that trickles its answers
 * would hold a connection for ever. The library is loaded here, because most commands send nothing.
 */
export async function newMailer(settings: MailSettings, deadline: Duration): Promise<Mailer> {
  const pool = newPool(await import('nodemailer'), settings, deadline)
  return {
    async send(mail) {
      // The library would read a list in it, and send to each email.
      if (!isMailable(mail.recipient)) return { kind: 'refused', error: 'Mail cannot be sent to this address.' }
      const since = performance.now()
      const sending = pool.sendMail({
        // Ends this attempt and its connection; the others go on.
        signal: AbortSignal.timeout(deadline),
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
      try {
        const { response } = await sending
        return { kind: 'accepted', answer: inOneLine(response) }
      } catch (error) {
        const isLate = performance.now() - since > deadline * TO_ANSWER - TIMER_SLACK
        return failureOf(error, isLate)
      }
    },
    async check() {
      try {
        await pool.verify()
        return undefined
      } catch (error) {
        return failureOf(error, false).error
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

/** What the library says of a failure. */
interface SmtpError {
  readonly code?: string
  readonly message?: string
  /** The code of the server's answer, where it answered. */
  readonly responseCode?: number
  /** The whole answer, a line each. */
  readonly response?: string
  /** The command that was answered; `DATA` also for the answer after the content. */
  readonly command?: string
}

function failureOf(error: unknown, isLate: boolean): Extract<SendResult, { error: string }> {
  const { code = '', message = '' } = error as SmtpError
  return { kind: kindOf(error as SmtpError, isLate), error: inOneLine(`${code} ${message}`) }
}

/** A server may quote the mail in its answer, with the link. */
function inOneLine(answer: string): string {
  const words = scrubText(answer).replaceAll(/[\p{C}\s]+/gu, ' ')
  return words.trim().slice(0, LONGEST_ANSWER)
}

/**
 * A permanent answer (5yz) is about the mail where it answers `RCPT TO` or `DATA`, unless its enhanced status is about the sender or about
 * security (RFC 3463 §3.2 and §3.8): servers refuse a sender at `RCPT TO`, and one without SPF or DKIM after `DATA`.
 * A time-out over a connection that carried a mail before is a closed connection for the library, so a late failure without an answer counts
 * as one too.
 */
function kindOf({ code, command, responseCode = 0, response = '' }: SmtpError, isLate: boolean): Kind {
  if (code === 'EABORT' || code === 'ETIMEDOUT' || (isLate && responseCode === 0)) return 'timed-out'
  // 503 says that the commands were in a wrong order: the mail may pass over another connection.
  if (responseCode < 500 || responseCode === 503) return 'failed'
  const isAboutMail = command === 'RCPT TO' || command === 'DATA'
  return isAboutMail && !ABOUT_SENDER.test(response) ? 'refused' : 'blocked'
}

type Kind = Exclude<SendResult['kind'], 'accepted'>

/** A line of an answer with the enhanced status 5.1.7, 5.1.8 or 5.7.x (RFC 2034 §4). */
const ABOUT_SENDER = /^\d{3}[ -]5\.(?:1\.[78]|7\.\d{1,3})(?!\d)/m
