// What a request of the two-person rule keeps of an app, and back. Tested in test/attacks/two-person-apps.test.ts.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import { type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'

/** What an admin says about an app; who allows an attribute is known from who says it. */
export type AppFields = Omit<ClientFields, 'attributes'> & {
  readonly attributes: readonly { readonly key: string; readonly claim: string }[]
}

/** What is left out, or undefined, stays. */
export type AppChanges = { readonly [Field in keyof AppFields]?: AppFields[Field] | undefined }

type Values = Omit<ApprovalValues['change-app'], 'clientId'>

export function requestValues(
  { kind, attributes, ...fields }: AppChanges,
  names: Pick<Values, 'sharedGroupNames' | 'allowedGroupNames'>,
): Values {
  const claims = attributes?.map(({ key, claim }) => ({ key, claim }))
  const { kind: _kind, attributes: _attributes, ...absent } = ABSENT
  return { ...absent, ...fields, ...names, appKind: kind, claims }
}

export function requestedFields({
  appKind,
  claims,
  sharedGroupNames: _,
  allowedGroupNames: __,
  ...fields
}: Partial<Values>): AppChanges {
  return { ...fields, kind: appKind, attributes: claims }
}

const ABSENT = Object.fromEntries(Object.keys(NEW_CLIENT).map((field) => [field, undefined])) as {
  readonly [Field in keyof AppFields]: undefined
}
