// Replaces curl on a machine without it. Supports only the flags that the README uses.
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'write-out': { type: 'string', short: 'w', default: '' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd', multiple: true, default: [] },
    'data-urlencode': { type: 'string', multiple: true, default: [] },
  },
})

const escaped = values['data-urlencode'].map((pair) => pair.replace(/(?<==).*/s, encodeURIComponent))
const body = [...values.data, ...escaped].join('&')
const headers = new Headers(values.header.map((line) => line.split(/:\s*/, 2) as [string, string]))
if (body !== '' && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')

const method = values.request ?? (body === '' ? 'GET' : 'POST')
const answer = await fetch(positionals[0] ?? '', { method, headers, ...(body !== '' && { body }) })
const ending = values['write-out'].replace('%{http_code}', String(answer.status)).replaceAll(String.raw`\n`, '\n')
process.stdout.write((await answer.text()) + ending)
