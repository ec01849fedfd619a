import { headPathIn, readHeads } from '../audit/audit-head.service.ts'
import { sealingWith } from '../audit/sealing-with.ts'
import type { With } from '../context.ts'
import type { Instant } from '../kernel/time.ts'
import { userRowFindings } from '../users/user.service.ts'
import { judgeServer, worstOf } from './checkup.ts'
import type { CheckLevel, Finding } from './checkup.ts'
import { selectDatabaseSize } from './checkup.view.ts'
import { countUsers } from './overview.view.ts'

export interface Checkup {
  readonly level: CheckLevel
  readonly findings: readonly Finding[]
}

/** Looks over the whole server: what is well, what to know, what to mend. */
export async function checkUp(ctx: With<'db' | 'now' | 'config' | 'keyring'>): Promise<Checkup> {
  const users = await countUsers(ctx.db)
  const { publicUrl, weakHash, auditHeadInterval } = ctx.config
  const facts = {
    ...users,
    publicUrl,
    weakHash,
    withoutFactor: users.invited + users.noFactor,
    database: await selectDatabaseSize(ctx.db),
    headAt: await lastHeadAt(ctx),
    headInterval: auditHeadInterval,
    rows: await userRowFindings(ctx),
  }
  const findings = judgeServer(facts, ctx.now)
  return { level: worstOf(findings), findings }
}

async function lastHeadAt({ config, keyring }: With<'config' | 'keyring'>): Promise<Instant | null> {
  const { heads } = await readHeads(headPathIn(config.dataDir), sealingWith(keyring))
  return heads.at(-1)?.at ?? null
}
