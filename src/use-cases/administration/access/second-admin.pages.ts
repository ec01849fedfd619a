// What a page that asks before a change of a user says while that change waits for a second admin.
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { exactEnd } from '#foundation/web/components/moments.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { UserReader } from './user-reader.pages.ts'

interface Words {
  readonly question: (name: string) => string
  readonly questionOfTwo: (name: string) => string
  readonly submit: string
}

interface Question {
  readonly question: (name: string) => string
  /** When the change takes effect; undefined for immediately. */
  readonly takesEffect: Html | undefined
  readonly submit: string
}

/** A change of a user with permissions becomes a request while the two-person rule is on, and the page says so before it is sent. */
export function questionAbout(reader: UserReader, { question, questionOfTwo, submit }: Words): Question {
  const { isOn, wait } = twoPersonRule(reader)
  if (!isOn || !isPrivileged(reader.user)) return { question, takesEffect: undefined, submit }
  const { approvals } = reader.say
  const until = exactEnd(reader, reader.now + wait)
  const takesEffect = html`<p class="lead">${approvals.takesEffect(until)}</p>`
  return { question: questionOfTwo, takesEffect, submit: approvals.send }
}
