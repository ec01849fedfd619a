import type { DueReview } from '#domain/notices/review.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { noticeWords } from '#use-cases/page-sections/notice.pages.ts'
import { actionForm, mayDo, refIn, UserPageParameters, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { liftReview } from './user-review.service.ts'

const ID = 'review'

export function userReviewPages(app: App): void {
  const config = { access: 'users:write', authentication: 'recent', page: true, undocumented: true } as const
  const schema = { params: UserPageParameters }
  app.post('/admin/users/:id/lift-review', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await unlessGone('account.no_review', liftReview(ctx, ref))
    return redirectWithFlash(reply, userPath(ref, '?done=review-lifted'))
  })
}

/** The section about the review that is due, with the button that lifts it; undefined where none is. */
export function userReviewSection(reader: UserReader, review: DueReview | undefined): Html | undefined {
  if (review === undefined) return undefined
  const { say, config, user, isOwn } = reader
  const { userReview: words } = say
  const body = html`<p>${whoEnds(reader, review)}</p>
    <p id="reports">${words.reports}</p>
    <ul aria-labelledby="reports">
      ${review.reports.map((report) => html`<li>${noticeWords(say, report)}, ${moment(reader, report.createdAt)}</li>`)}
    </ul>
    ${!isOwn && mayDo(reader, 'users:write') && actionForm(reader, '/lift-review', secondaryButton(words.submit))}`
  return section({
    id: ID,
    title: words.title,
    lead: words.lead,
    body,
    api: apiEquivalent(say, config, { method: 'POST', path: `/users/${user.id}/review/lift`, needsSession: true }),
  })
}

function whoEnds(
  { say: { userReview: words, security } }: UserReader,
  { by, isChanged, unchanged }: DueReview,
): string {
  if (by === 'admin') return words.byAdmin
  if (!isChanged) return words.byUser
  return words.byUnchanged(unchanged.map((kind) => security.methods[kind]).join(', '))
}
