import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'

/** As long as the longest email address. */
export const LONGEST_LOGIN = 320

const LinkToken = Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the link.' })

export const PasswordResetRequest = named(
  'PasswordResetRequest',
  Type.Object(
    {
      login: Type.String({ minLength: 1, maxLength: LONGEST_LOGIN, description: 'Username, or a confirmed email.' }),
    },
    { additionalProperties: false, examples: [{ login: 'ada' }] },
  ),
)

export const PasswordResetRequested = named(
  'PasswordResetRequested',
  Type.Object(
    { link_expires_in: Type.Integer({ description: 'The lifetime of an emailed link in seconds.' }) },
    { description: 'The same whether or not an email was queued.' },
  ),
)

export const PasswordResetForm = named(
  'PasswordReset',
  Type.Object(
    {
      token: LinkToken,
      password: Type.String({ maxLength: 1024, description: 'The new password.' }),
      end_api_tokens: Type.Optional(
        Type.Boolean({ description: 'False keeps the API tokens of the account; otherwise they are revoked.' }),
      ),
    },
    {
      additionalProperties: false,
      examples: [{ token: 'the last part of the link', password: 'a kettle full of stars' }],
    },
  ),
)

export const EnrolmentLinkForm = named(
  'EnrolmentLinkProof',
  Type.Object(
    { token: LinkToken, password: Type.String({ maxLength: 1024, description: 'The present password.' }) },
    {
      additionalProperties: false,
      examples: [{ token: 'the last part of the link', password: 'three calm words' }],
    },
  ),
)
