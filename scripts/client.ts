// Makes what the client of clients/node takes from the OpenAPI document: its types, by openapi-typescript, and the table of operations.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openApiText } from '#entry/cli/commands/openapi.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { install } from './install.mjs'

const CLIENT = join(import.meta.dirname, '..', 'clients', 'node')
const SCHEMA = join(CLIENT, 'src', 'schema.d.ts')
const OPERATIONS = join(CLIENT, 'src', 'operations.ts')
const MADE = '// Made by `npm run client` from the OpenAPI document'

type Node = Readonly<Record<string, unknown>>

interface Operation {
  readonly operationId: string
  readonly requestBody?: { readonly content: Node }
  readonly responses: Readonly<Record<string, Node>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly responses: Readonly<Record<string, Node>> }
}

/** The document as the client's types need it: without examples, and without the sentences of errors, which the problem documents carry. */
export async function clientDocument(): Promise<Document> {
  const text = await openApiText(loadConfig({ env: {}, flags: {} }).config)
  const document = JSON.parse(text, (key, value: unknown) => (LEFT_OUT.has(key) ? undefined : value)) as Document
  for (const answer of Object.values(document.components.responses)) shorten(answer)
  for (const { responses } of operationsOf(document))
    for (const [status, answer] of Object.entries(responses)) if (Number(status) >= 400) shorten(answer)
  return document
}

const LEFT_OUT = new Set(['example', 'examples', 'x-access', 'servers', 'info', 'securitySchemes', 'security'])

function shorten(answer: { description?: string; headers?: object }): void {
  if (answer.description !== undefined) answer.description = ''
  delete answer.headers
}

function operationsOf({ paths }: Document): Operation[] {
  return Object.values(paths).flatMap((path) => Object.values(path))
}

/** By operation id the method, the path, and the kind of the body if that is not JSON. */
export function operationTable(document: Document): string {
  const lines = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, requestBody }]) => {
      const kind = kindOf(Object.keys(requestBody?.content ?? {}))
      return `  ${operationId}: '${[method.toUpperCase(), path, ...kind].join(' ')}',\n`
    }),
  )
  return `${MADE}.\nexport const OPERATIONS = {\n${lines.toSorted().join('')}} as const\n`
}

function kindOf(mediaTypes: readonly string[]): string[] {
  if (mediaTypes.length === 0 || mediaTypes.includes('application/json')) return []
  return mediaTypes.includes('application/x-www-form-urlencoded') ? ['form'] : ['bytes']
}

/** The first line of the types, by which a test sees that they are those of this document. */
export function schemaHead(document: Document): string {
  return `${MADE} (SHA-256 ${createHash('sha256').update(JSON.stringify(document)).digest('hex')}).\n`
}

function schemaOf(document: Document): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-client-'))
  try {
    const [from, to] = [join(folder, 'openapi.json'), join(folder, 'schema.d.ts')]
    writeFileSync(from, JSON.stringify({ openapi: '3.1.0', info: { title: '', version: '' }, ...document }))
    const program = join(CLIENT, 'node_modules', '.bin', 'openapi-typescript')
    const options = ['--immutable', '--default-non-nullable=false', '--output', to]
    const { status, error } = spawnSync(program, [from, ...options], { cwd: CLIENT, stdio: 'inherit' })
    if (status !== 0) throw error ?? new Error(`${program} failed`)
    return schemaHead(document) + shortened(readFileSync(to, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Leaves out what the types of the client do not read: operations by path, parameters that there are none of, and headers. */
function shortened(types: string): string {
  return types
    .replace(/^export interface paths \{\n[\s\S]*?^\}\n/m, '')
    .replaceAll(/^ *readonly (?:query|header|path|cookie)\?: never;\n/gm, '')
    .replaceAll(/^ *headers: \{[^}]*\};\n/gm, '')
    .replaceAll(/^ *\/\*\* @enum .*\*\/\n/gm, '')
    .replaceAll(/^ +/gm, (indent) => ' '.repeat(indent.length / 4))
}

if (import.meta.main) {
  await install(CLIENT, { what: 'the packages of clients/node', development: true })
  const document = await clientDocument()
  writeFileSync(OPERATIONS, operationTable(document))
  writeFileSync(SCHEMA, schemaOf(document))
}
