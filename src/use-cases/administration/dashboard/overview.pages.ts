import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Instant } from '../../../foundation/kernel/time.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { calendarOf } from '../../../foundation/texts/day-and-time.ts'
import { barChart } from '../../../foundation/web/components/bar-chart.ts'
import { factList, section } from '../../../foundation/web/components/section.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { ACTIVITY_PATH } from '../audit/activity-filter.ts'
import { MOST_SESSIONS, readOverview } from './overview.service.ts'
import type { Overview } from './overview.service.ts'
import { usersHref } from '../users/user-list-query.ts'
import type { UsersShown } from '../users/user-list-query.ts'

/** The dashboard: numbers that link to the filtered list of users, and charts. */
export function overviewPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get('/admin', { config }, showOverview)
}

async function showOverview({ ctx }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const overview = await readOverview(ctx)
  return sendPage(reply, {
    title: [say.overview.title, say.overview.area],
    frame: 'admin',
    body: html`${numbersSection(say, overview)} ${signInsSection(say, overview)} ${adoptionSection(say, overview)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/overview' }),
  })
}

function numbersSection(say: Texts, { users, sessions, last24Hours }: Overview): Html {
  const words = say.overview
  const shown = new Intl.NumberFormat(say.language)
  const userCount = (show: UsersShown, count: number): Html =>
    html`<a href="${usersHref({ show, sort: 'username' })}">${shown.format(count)}</a>`
  const { actingAdmins, waitingAdmins } = users
  const waiting =
    waitingAdmins > 0 && html` <span class="small">${words.waitingAdmins(shown.format(waitingAdmins))}</span>`
  const { succeeded, refused } = last24Hours
  const counts = [
    [words.users, userCount('all', users.total)],
    [words.active, userCount('active', users.active)],
    [words.invited, userCount('invited', users.invited)],
    [words.noSecondStep, userCount('no-factor', users.noFactor)],
    [words.disabled, userCount('disabled', users.disabled)],
    [words.admins, html`${userCount('admins', actingAdmins)}${waiting}`],
    [words.sessions, sessions < MOST_SESSIONS ? shown.format(sessions) : `${shown.format(sessions)}+`],
    [
      words.lastDay,
      html`${words.lastDayCounts.succeeded(shown.format(succeeded))} ·
        <a class="whole" href="${ACTIVITY_PATH}?result=refused"
          >${words.lastDayCounts.refused(shown.format(refused))}</a
        >`,
      'line',
    ],
  ] as const
  return section({ id: 'numbers', title: words.numbers, body: factList(counts, 'counts') })
}

function signInsSection(say: Texts, { days }: Overview): Html {
  const { signIns, asTable } = say.overview
  const chart = barChart({
    caption: signIns.caption,
    series: [signIns.succeeded, signIns.refused],
    days: days.map(({ day, succeeded, refused }) => ({ label: dayIn(say, day), values: [succeeded, refused] })),
    tableLabel: asTable,
    language: say.language,
  })
  return section({ id: 'sign-ins', title: signIns.title, body: chart })
}

function adoptionSection(say: Texts, { adoption, users: counts }: Overview): Html {
  const { adoption: words, asTable } = say.overview
  // Invited users have not signed in yet, so the share leaves them out, as the counts below do.
  const withFactor = counts.active
  const users = withFactor + counts.noFactor
  const percent = new Intl.NumberFormat(say.language, { style: 'percent' })
  const chart = barChart({
    caption: words.caption,
    series: [words.users, words.withSecondStep],
    days: adoption.map(({ day, ...counts }) => ({ label: dayIn(say, day), values: [counts.users, counts.withFactor] })),
    tableLabel: asTable,
    language: say.language,
  })
  return section({
    id: 'second-steps',
    title: words.title,
    ...(users > 1 && { lead: words.share(percent.format(withFactor / users), users.toLocaleString(say.language)) }),
    body: html`${factorCounts(say, counts)} ${chart}`,
  })
}

/** Enabled users by their strongest second factor: a user with a passkey is not counted for an app too. */
function factorCounts(say: Texts, { withPasskey, withApp, invited, noFactor }: Overview['users']): Html {
  const { adoption, invited: invitedWord, noSecondStep } = say.overview
  const shown = new Intl.NumberFormat(say.language)
  const facts = [
    [adoption.kinds.passkey, shown.format(withPasskey)],
    [adoption.kinds.app, shown.format(withApp)],
    [invitedWord, shown.format(invited)],
    [noSecondStep, shown.format(noFactor)],
  ] as const
  return factList(facts, 'counts')
}

function dayIn({ language }: Texts, day: Instant): string {
  return calendarOf(language, 'UTC', { day: 'numeric', month: 'short' }).format(day)
}
