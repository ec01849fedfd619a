// What a user's own pages say before a policy will stop them.
import { type NeededFactor, upcomingDeadline } from '#domain/policies/rollout/deadline.service.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { calendarOf } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'

interface NoticeLink {
  readonly href: string
  readonly label: string
}

/**
 * Says from when on the user needs another second step; undefined where no planned policy will stop them.
 * @param linkTo where it is set up
 */
export async function policyNotice(
  ctx: With<'db' | 'now' | 'config'>,
  say: Texts,
  user: PrincipalUser,
  linkTo: (needs: NeededFactor) => NoticeLink,
): Promise<Html | undefined> {
  const upcoming = await upcomingDeadline(ctx, user)
  if (upcoming === undefined) return undefined
  const day = calendarOf(say.language, user.timeZone, { dateStyle: 'long' }).format(upcoming.at)
  const { href, label } = linkTo(upcoming.needs)
  return banner('warn', html`${say.rollout.notice[upcoming.needs](day)} <a class="whole" href="${href}">${label}</a>`)
}
