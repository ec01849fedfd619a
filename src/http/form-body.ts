import type { FieldError } from '../kernel/fault.ts'
import { requireNoFieldErrors } from '../kernel/refusal.ts'
import { pointerTo } from '../web/schema-faults.ts'

/** Reads an urlencoded body; throws an URIError for escapes that are not UTF-8, and refuses a field given twice. */
export function readUrlencoded(body: Buffer): Record<string, string> {
  const pairs = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s, 2).map(decoded))
  return fieldsOf(pairs.map(([name = '', value = '']) => [name, value]))
}

// Bytes outside ASCII that were not escaped are read as the UTF-8 they should have been.
function decoded(part: string): string {
  const escaped = part.replaceAll('+', ' ').replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  return decodeURIComponent(escaped)
}

/** Reads a multipart body; refuses files and fields given twice, and throws a TypeError for a broken one. */
export async function readMultipart(body: Buffer, contentType: string): Promise<Record<string, string>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  return fieldsOf([...form.entries()])
}

function fieldsOf(pairs: readonly (readonly [string, FormDataEntryValue])[]): Record<string, string> {
  const fields = new Map<string, string>()
  const faults: FieldError[] = []
  for (const [name, value] of pairs) {
    if (typeof value !== 'string') faults.push({ pointer: pointerTo('', name), code: 'field.file' })
    else if (fields.has(name)) faults.push({ pointer: pointerTo('', name), code: 'field.repeated' })
    else fields.set(name, value)
  }
  requireNoFieldErrors(faults)
  return Object.fromEntries(fields)
}
