import type { FastifyReply, FastifyRequest } from 'fastify'

import { countWaitingApprovals } from '#domain/approvals/approval.service.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import { calendarOf } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { dayChart } from '#foundation/web/components/day-chart.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { cardGrid, pieces, rowList, section, sectionColumn } from '#foundation/web/components/section.ts'
import { type PartLook, stackedBar } from '#foundation/web/components/stacked-bar.ts'
import { banner, state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { observedRequest } from '#foundation/web/http/ip-address.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { APPROVALS_PATH } from '../access/approval-path.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { recentEvents } from '../audit/activity-events.pages.ts'
import { ACTIVITY_PATH } from '../audit/activity-filter.ts'
import { listNamedEvents, type NamedEvent } from '../audit/events.service.ts'
import { addressedToReader, type Finding, findingLink, inWords, KIND_OF_LEVEL } from '../health/finding.ts'
import { CHECKUP_PATH } from '../health/health.pages.ts'
import { checkUp } from '../health/health.service.ts'
import { problemsIn } from '../health/health.ts'
import { usersHref, type UsersShown } from '../users/user-list-query.ts'
import { CONNECT_PATH } from './connect.pages.ts'
import { getStartedSection } from './get-started.pages.ts'
import { readGetStarted } from './get-started.service.ts'
import { type Overview, readOverview } from './overview.service.ts'
import { type SecondStepKind, secondSteps } from './second-steps.ts'
import { numberTiles } from './tiles.pages.ts'
import { isWorthDrawing } from './trend.ts'

const RECENT = 5

const navigation: NavigationEntry = {
  area: 'admin',
  order: 10,
  label: (say) => say.overview.title,
  drawing: 'overview',
  below: [CONNECT_PATH],
  key: 'o',
}

/** The dashboard: what is left to do, numbers that link to the filtered list of users, sign-ins by day, the latest events. */
export function overviewPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get('/admin', { config: { ...config, compressible: true, navigation } }, showOverview)
}

async function showOverview(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = request
  const reader = adminReader(reply)
  const { say } = reader
  const overview = await readOverview(ctx)
  const may = (permission: Permission): boolean => reader.permissions.includes(permission)
  const start = may('users:write') ? await readGetStarted(ctx, overview) : undefined
  const findings = may('server:read') ? (await checkUp(ctx, observedRequest(request))).findings : []
  // On a new server warnings wait until its list is done or closed; what fails does not.
  const problems = problemsIn(findings).filter(({ level }) => start === undefined || level === 'failure')
  const events = may('audit:read') ? (await listNamedEvents(ctx, { limit: RECENT })).items : undefined
  const waiting = may('server:read') ? await countWaitingApprovals(ctx) : 0
  const toDo = problems.length > 0 ? toDoSection(reader, problems) : undefined
  const steps = secondStepsSection(say, overview)
  const [signIns, recent] = [signInsSection(say, overview), events && recentSection(reader, events)]
  // On a new server what is left to do comes first, with one card beside it.
  const first = start && [getStartedSection(reader, start), steps ?? recent].filter((card) => card !== undefined)
  const left = [toDo, signIns].filter((card) => card !== undefined)
  const right = (start ? [steps && recent] : [steps, recent]).filter((card) => card !== undefined)
  const cards =
    start || left.length === 0 || right.length === 0
      ? [...left, ...right]
      : [sectionColumn(...left), sectionColumn(...right)]
  return sendPage(reply, {
    title: [say.overview.title, say.overview.area],
    ...(waiting > 0 && { notice: waitingBanner(say, waiting) }),
    body: html`${first && cardGrid(first)} ${numberTiles(reader, overview)} ${cardGrid(cards)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/overview' }),
  })
}

/** How many requests wait for a second admin, and the way to them. */
function waitingBanner({ approvals }: Texts, waiting: number): Html {
  return banner('info', html`${approvals.toDo(waiting)} <a href="${APPROVALS_PATH}">${approvals.show}</a>`)
}

/** How each part is drawn, and the list of its users. */
const PARTS: Readonly<Record<SecondStepKind, { readonly look: PartLook; readonly show: UsersShown }>> = {
  passkey: { look: 'full', show: 'passkey' },
  app: { look: 'striped', show: 'app' },
  none: { look: 'hatched', show: 'no-factor' },
}

function recentSection(reader: AdminReader, events: readonly NamedEvent[]): Html {
  const { recent } = reader.say.overview
  return section({
    id: 'recent',
    title: recent.title,
    body: html`${recentEvents(reader, events)}
      <p><a href="${ACTIVITY_PATH}">${recent.all}</a></p>`,
  })
}

/** Undefined while the admin who set the server up is the only user. */
function secondStepsSection(say: Texts, { users }: Overview): Html | undefined {
  if (users.total <= 1) return undefined
  const words = say.overview.secondSteps
  const { parts, joined, done } = secondSteps(users)
  return section({
    id: 'second-steps',
    title: words.title,
    lead: joined > 0 && (done === joined ? words.everyone : words.share(done, joined)),
    body: html`${stackedBar({
      label: words.joined,
      parts: parts.map(({ kind, count }) => ({
        look: PARTS[kind].look,
        label: words.kinds[kind],
        count,
        href: listOf(PARTS[kind].show),
      })),
      language: say.language,
    })}
    ${otherUsers(say, users)}`,
  })
}

/** The users who are no part of the bar, so that all numbers sum to that of the users; and the admins. */
function otherUsers(say: Texts, { actingAdmins, waitingAdmins, invited, disabled }: Overview['users']): Html {
  const words = say.overview.secondSteps
  const uncounted = [
    ...(invited > 0 ? [html`<a href="${listOf('invited')}">${words.invited(invited)}</a>`] : []),
    ...(disabled > 0 ? [html`<a href="${listOf('disabled')}">${words.disabled(disabled)}</a>`] : []),
  ]
  return html`${uncounted.length > 0 && html`<p class="small">${words.uncounted} ${pieces(uncounted)}</p>`}
    <p class="small">
      <a href="${listOf('admins')}">${words.admins(actingAdmins)}</a
      >${waitingAdmins > 0 && ` ${words.waitingAdmins(waitingAdmins)}`}
    </p>`
}

function listOf(show: UsersShown): string {
  return usersHref({ show, sort: 'username' })
}

/** The sign-ins by day; undefined on a new server, whose chart would be almost empty: the tiles say the numbers of its week. */
function signInsSection(say: Texts, { days }: Overview): Html | undefined {
  const { signIns, asTable } = say.overview
  if (!isWorthDrawing(days.map(({ succeeded, refused }) => succeeded + refused > 0))) return undefined
  const body = dayChart({
    caption: signIns.caption,
    series: [signIns.succeeded, signIns.refused],
    days: days.map(({ day, succeeded, refused }) => ({
      label: calendarOf(say.language, 'UTC', { day: 'numeric', month: 'short' }).format(day),
      values: [succeeded, refused],
    })),
    tableLabel: asTable,
    language: say.language,
  })
  return section({ id: 'sign-ins', title: signIns.title, body })
}

/** How many problems the overview names; a server whose rows were imported may have hundreds. */
const NAMED_PROBLEMS = 3

/** What the check-up warns of, one line each, with a button that leads to the fix. */
function toDoSection(reader: AdminReader, problems: readonly Finding[]): Html {
  const { say } = reader
  const { toDo } = say.overview
  const more = problems.length - NAMED_PROBLEMS
  return section({
    id: 'to-do',
    title: toDo.title,
    body: html`${rowList(
      problems.slice(0, NAMED_PROBLEMS).map((problem) => {
        const link = findingLink(problem, reader.permissions)
        return {
          name: state(
            KIND_OF_LEVEL[problem.level],
            inWords(say, addressedToReader(problem, reader.principal.user)).sentence,
          ),
          action: linkButton(link?.path ?? CHECKUP_PATH, link ? say.checkup.links[link.to] : toDo.how),
        }
      }),
      'tight',
    )}
    ${more > 0 && html`<p><a href="${CHECKUP_PATH}">${toDo.more(more)}</a></p>`}`,
  })
}
