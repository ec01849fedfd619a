// What a user's own pages say before a policy will stop them.
import { upcomingDeadline } from '../../../domain/policies/asking.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { PrincipalUser } from '../../../foundation/kernel/principal.ts'
import { calendarOf } from '../../../foundation/texts/day-and-time.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { banner } from '../../../foundation/web/components/status.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'

/** Says from when on the user needs another second step; undefined where no planned policy will stop them. */
export async function policyNotice(
  ctx: With<'db' | 'now' | 'config'>,
  say: Texts,
  user: PrincipalUser,
  link?: string,
): Promise<Html | undefined> {
  const upcoming = await upcomingDeadline(ctx, user)
  if (upcoming === undefined) return undefined
  const day = calendarOf(say.language, user.timeZone, { dateStyle: 'long' }).format(upcoming.at)
  const { notice, noticeAction } = say.rollout
  return banner(
    'warn',
    html`${notice[upcoming.needs](day)}${link !== undefined && html` <a href="${link}">${noticeAction}</a>`}`,
  )
}
