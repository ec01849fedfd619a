// Parses the curl commands that pages show as the equivalent API request.
import assert from 'node:assert/strict'

import type { Region } from './parsed-page.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export interface ShownCommand {
  readonly method: (typeof METHODS)[number]
  /** The path with its query. */
  readonly path: string
  readonly payload: object | undefined
  /** The variable with the access token: an API token, or that of a session. */
  readonly by: 'TOKEN' | 'SESSION'
}

export function commandsOn(page: Region): ShownCommand[] {
  return page
    .preformatted()
    .filter((text) => text.startsWith('curl '))
    .map(read)
}

function read(command: string): ShownCommand {
  const [, named = 'GET', url = ''] = /^curl (?:-X (\w+) )?'([^']*)'/.exec(command) ?? []
  const method = METHODS.find((one) => one === named)
  assert.ok(method, command)
  const by = /-H "Authorization: Bearer \$(\w+)"/.exec(command)?.[1]
  assert.ok(by === 'TOKEN' || by === 'SESSION', command)
  const { pathname, search } = new URL(url)
  const json = /-H 'Content-Type: application\/json' \\\n +-d '([^']*)'/.exec(command)?.[1]
  assert.equal(json === undefined, !/ (-d|--\w+) /.test(command), command)
  return { method, path: pathname + search, by, payload: json === undefined ? undefined : (JSON.parse(json) as object) }
}
