// Calls of the server's HTTP API.

/** Members that the kit reads of an answer. */
export type Answer = Readonly<Record<string, unknown>>

export interface Asked {
  readonly body?: object | undefined
  /** An access token. */
  readonly token?: string | undefined
}

/** Calls the API; throws where it refuses, with what it said. Answers without a body are empty. */
export async function callApi(url: string, method: string, path: string, { body, token }: Asked = {}): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`Doorward refused ${method} ${path} (${answer.status}): ${reasonIn(text)}`)
  return text === '' ? {} : (JSON.parse(text) as Answer)
}

/** The code, the detail and the refused fields of a problem document (RFC 9457); else the text itself. */
function reasonIn(text: string): string {
  try {
    const { code, detail, errors } = JSON.parse(text) as Answer
    const fields = errors === undefined ? '' : ` ${JSON.stringify(errors)}`
    return `${String(code)}. ${String(detail)}${fields}`
  } catch {
    return text.slice(0, 300)
  }
}
