// The head of the chain, kept outside the database: who rewrites the log or cuts its end cannot rewrite this too.
import { appendFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import { databaseAddress } from '../../foundation/platform/database/database-address.ts'
import { ownDatabaseUrl } from '../../foundation/platform/config/own-database.ts'
import { makeDataFolder } from '../../foundation/platform/folder.ts'
import { matchSeal, macText } from './chain.ts'
import type { ChainEnd, ChainKeys } from './chain.ts'
import { headFileOf } from './head-file.ts'

export interface AuditHead extends ChainEnd {
  readonly at: Instant
  /** `<key id>.<HMAC over position, seal and moment>` */
  readonly mac: string
}

/** Where the heads of the configured database are noted. */
export async function headPathOf({ dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<string> {
  const own = await databaseAddress(Secret.of(ownDatabaseUrl(dataDir)))
  return join(dataDir, headFileOf(await databaseAddress(databaseUrl), own))
}

export function newCheckpoint(end: ChainEnd, at: Instant, sealing: ChainKeys): AuditHead {
  return { position: end.position, seal: end.seal, at, mac: macText(sealing.mac(headText({ ...end, at }))) }
}

/** Adds a line of JSON to the file, which only its owner may read. */
export async function appendCheckpoint(path: string, head: AuditHead): Promise<void> {
  makeDataFolder(dirname(path))
  // Begins a line of its own even after one that a power cut left unfinished.
  await appendFile(path, `\n${JSON.stringify(head)}\n`, { mode: 0o600, flush: true })
}

export interface NotedHeads {
  /** The file they were read from. */
  readonly path: string
  readonly heads: readonly AuditHead[]
  /** Heads that no key of ours wrote. */
  readonly forged: number
}

/** The heads noted so far; none when there is no file. A line that a power cut left unfinished is none. */
export async function readCheckpoints(path: string, sealing: ChainKeys): Promise<NotedHeads> {
  const lines = (await readIfThere(path)).split('\n').flatMap((line) => parseLine(line) ?? [])
  const heads = lines.filter((head) => matchSeal(sealing, head.mac, headText(head)) === 'right')
  return { path, heads, forged: lines.length - heads.length }
}

/** Undefined for what was never meant to be a head, such as the line of another file. */
function parseLine(line: string): AuditHead | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return isHead(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isHead(parsed: unknown): parsed is AuditHead {
  if (typeof parsed !== 'object' || parsed === null) return false
  const { position, seal, at, mac } = parsed as Record<string, unknown>
  return (
    Number.isSafeInteger(position) && Number.isSafeInteger(at) && typeof seal === 'string' && typeof mac === 'string'
  )
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
