import { linkButton } from '#foundation/web/components/button.ts'
import { rowList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { addressedToReader, type Finding, findingLink, inWords, KIND_OF_LEVEL } from '../health/finding.ts'
import { CHECKUP_PATH } from '../health/health.pages.ts'

/** How many problems the overview names; a server whose rows were imported may have hundreds. */
const NAMED = 3

/** What the check-up warns of, one line each, with a button that leads to the fix. */
export function toDoSection(reader: AdminReader, problems: readonly Finding[]): Html {
  const { say } = reader
  const { toDo } = say.overview
  const more = problems.length - NAMED
  return section({
    id: 'to-do',
    title: toDo.title,
    body: html`${rowList(
      problems.slice(0, NAMED).map((problem) => {
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
