// Sends a form to a URL that an admin has registered, within limits and without following anything. Tested in post-form.test.ts.
import type { IncomingMessage } from 'node:http'

import type { Duration } from '#foundation/kernel/time.ts'

export interface FormAnswer {
  readonly status: number
  /** The beginning of what was answered, where that is no success. */
  readonly text: string
}

export interface FormLimits {
  /** How long the request may take altogether. */
  readonly deadline: Duration
  readonly mostBytes: number
  readonly signal?: AbortSignal
}

/** Posts the fields. A redirect is not followed: it is returned as the answer. Throws if no answer comes in time. */
export async function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  { deadline, mostBytes, signal }: FormLimits,
): Promise<FormAnswer> {
  const timeout = AbortSignal.timeout(deadline)
  const body = new URLSearchParams(fields).toString()
  const response = await answerTo(url, body, signal === undefined ? timeout : AbortSignal.any([timeout, signal]))
  const status = response.statusCode ?? 0
  try {
    // A success says nothing more, and a slow end of its text must not make it a failure.
    return { status, text: status >= 200 && status < 300 ? '' : await beginningOf(response, mostBytes) }
  } finally {
    response.destroy()
  }
}

async function answerTo(url: string, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    'accept-encoding': 'identity',
    'user-agent': 'Doorward',
  }
  return new Promise((resolve, reject) => {
    // Without an agent no connection is kept, so each attempt looks the name up again and meets a program that was restarted.
    const sent = request(url, { method: 'POST', headers, signal, agent: false }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

async function beginningOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  let found = Buffer.alloc(0)
  const read = async (): Promise<void> => {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      found = Buffer.concat([found, chunk])
      if (found.length >= mostBytes) return
    }
  }
  // Where it breaks off, what came until then is all there is.
  await read().catch(() => undefined)
  return found.subarray(0, mostBytes).toString('utf8')
}
