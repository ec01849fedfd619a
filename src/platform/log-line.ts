const OWN_FIELDS = new Set(['level', 'time', 'pid', 'msg', 'err'])

/** One JSON line as a person reads it: time of day, level, message, then the other fields; an error's stack below. */
export function lineForPeople(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>
  const fields = Object.entries(line).filter(([name]) => !OWN_FIELDS.has(name))
  const head = [String(line['time']).slice(11, 19), String(line['level']).padEnd(5), messageOf(line['msg'])]
  const tail = fields.flatMap(([name, value]) => pairs(name, value))
  return `${[...head, ...tail].filter((part) => part !== '').join(' ')}\n${stackOf(line['err'])}`
}

function pairs(name: string, value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [`${name}=${printable(value)}`]
  return Object.entries(value).map(([inner, part]) => `${name}.${inner}=${printable(part)}`)
}

/** Without control characters: what somebody sent must not steer the terminal. */
function messageOf(message: unknown): string {
  return typeof message === 'string' ? message.replaceAll(/\p{Cc}+/gu, ' ') : ''
}

function printable(value: unknown): string {
  return typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value)
}

function stackOf(error: unknown): string {
  if (error === null || typeof error !== 'object' || !('stack' in error)) return ''
  return `${String(error.stack).replaceAll(/^/gm, '    ')}\n`
}
