// The field for a new password on every page that has one, and the answer to its question how strong the password is.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type NewPassword, strengthWhileTyped } from '#domain/factors/password/password.service.ts'
import type { PasswordPolicy } from '#domain/factors/password/password.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { PASSWORD_MODULES, passwordField } from '#foundation/web/components/field.ts'
import { strengthBar } from '#foundation/web/components/strength-bar.ts'
import type { Html } from '#foundation/web/html.ts'
import { typedText } from '#foundation/web/pages/form.ts'
import { localeOf } from '#foundation/web/pages/page.ts'

/** Enough for the longest password and the names beside it, percent-encoded. */
const LONGEST_QUESTION = 8192

export const NEW_PASSWORD_ID = 'new-password'
export const NEW_PASSWORD_MODULES = [...PASSWORD_MODULES, 'password-strength'] as const

/** Bounds the body of a question how strong a password is. */
export const strengthQuestion = { bodyLimit: LONGEST_QUESTION } as const

export interface NewPasswordField {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly error: Html | string | undefined
  readonly length: PasswordPolicy
  readonly autofocus?: boolean
}

/** The field, with the strength of what is typed. The module asks at the path of the page with `/strength` behind it. */
export function newPasswordField(say: Texts, field: NewPasswordField): Html {
  const bar = { id: `${NEW_PASSWORD_ID}-strength`, of: NEW_PASSWORD_ID }
  return passwordField(say, {
    ...field,
    id: NEW_PASSWORD_ID,
    purpose: 'new',
    describedBy: bar.id,
    below: strengthBar(say, bar),
  })
}

/** Answers the question of a page's module with JSON. `askedFrom` is the id of the session or link whose page asks. */
export async function sendStrength(
  { ctx, body }: FastifyRequest,
  reply: FastifyReply,
  about: Pick<NewPassword, 'user' | 'policy'>,
  askedFrom: string,
): Promise<FastifyReply> {
  const password = Secret.of(typedText(body, 'password'))
  const strength = await strengthWhileTyped(ctx, { ...about, password }, askedFrom)
  const word = texts(localeOf(reply)).words.strengths[strength]
  return reply.type('application/json; charset=utf-8').send({ strength, word })
}
