// The head of the chain, kept outside the database: who rewrites the log or cuts its end cannot rewrite this too.
import { appendFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Instant } from '../kernel/time.ts'
import { makeDataFolder } from '../platform/folder.ts'
import { matchSeal, textOf } from './chain.ts'
import type { ChainEnd, Sealing } from './chain.ts'

export interface AuditHead extends ChainEnd {
  readonly at: Instant
  /** `<key id>.<HMAC over position, seal and moment>` */
  readonly mac: string
}

export function headPathIn(dataDir: string): string {
  return join(dataDir, 'audit-head')
}

export function newHead(end: ChainEnd, at: Instant, sealing: Sealing): AuditHead {
  return { position: end.position, seal: end.seal, at, mac: textOf(sealing.mac(headText({ ...end, at }))) }
}

/** Adds a line of JSON to the file, which only its owner may read. */
export async function appendHead(path: string, head: AuditHead): Promise<void> {
  makeDataFolder(dirname(path))
  // Begins a line of its own even after one that a power cut left unfinished.
  await appendFile(path, `\n${JSON.stringify(head)}\n`, { mode: 0o600, flush: true })
}

export interface ReadHeads {
  readonly heads: readonly AuditHead[]
  /** Heads that no key of ours wrote. */
  readonly forged: number
}

/** The heads noted so far; none when there is no file. A line that a power cut left unfinished is none. */
export async function readHeads(path: string, sealing: Sealing): Promise<ReadHeads> {
  const lines = (await readIfThere(path)).split('\n').flatMap((line) => parseLine(line) ?? [])
  const heads = lines.filter((head) => matchSeal(sealing, String(head.mac), headText(head)) === 'right')
  return { heads, forged: lines.length - heads.length }
}

function parseLine(line: string): AuditHead | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null ? (parsed as AuditHead) : undefined
  } catch {
    return undefined
  }
}

function headText({ position, seal, at }: ChainEnd & { at: Instant }): string {
  return JSON.stringify(['head', position, seal, at])
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
