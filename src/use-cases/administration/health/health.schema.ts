import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { CHECK_LEVELS, inWords, redactedFinding } from './finding.ts'
import type { Checkup } from './health.service.ts'

export const CheckupView = named(
  'Checkup',
  Type.Object(
    {
      level: choice(CHECK_LEVELS, { description: 'The gravest level among the findings.' }),
      findings: Type.Array(
        Type.Object({
          code: Type.String(),
          level: choice(CHECK_LEVELS),
          sentence: Type.String(),
          fix: nullable(Type.String()),
          user_id: nullable(Type.Integer()),
        }),
      ),
    },
    { description: 'The findings, each with its remedy.' },
  ),
)

/** The check-up as the API returns it, in English. */
export function presentCheckup({ level, findings }: Checkup): Static<typeof CheckupView> {
  return {
    level,
    findings: findings.map((finding) => {
      const { sentence, fix } = inWords(texts('en'), finding)
      return { code: finding.code, level: finding.level, sentence, fix, user_id: finding.userId }
    }),
  }
}

/** The check-up as plain English text for third parties: hosts, IP addresses and paths are left out. */
export function checkupReport({ level, findings }: Checkup, now: Instant): string {
  const lines = findings.map((finding) => {
    const { sentence, fix } = inWords(texts('en'), redactedFinding(finding))
    const about = finding.userId === null ? finding.code : `${finding.code} (user ${finding.userId})`
    return `[${finding.level}] ${about}: ${sentence}${fix === null ? '' : ` ${fix}`}`
  })
  return [`Doorward check-up, ${toRfc3339(now)}: ${level}`, ...lines].join('\n')
}
