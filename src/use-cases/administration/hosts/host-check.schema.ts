// The trial of a request at a protected host as the API takes and shows it.
import { RULE_PATH_MAXIMUM } from '#domain/hosts/host-fields.ts'
import { ASSURANCE_LEVELS } from '#foundation/kernel/assurance.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { HOST_REFUSALS, type HostCheck } from './host-check.ts'
import { presentRule, RuleView } from './hosts.schema.ts'

/** A whole path is longer than the prefix of a rule. */
export const TRIED_PATH_MAXIMUM = RULE_PATH_MAXIMUM * 10
export const TRIED_METHOD_MAXIMUM = 64

export const HostCheckBody = named(
  'HostRequest',
  Type.Object(
    {
      method: Type.String({ maxLength: TRIED_METHOD_MAXIMUM }),
      path: Type.String({ maxLength: TRIED_PATH_MAXIMUM, description: 'As it is sent, without the query.' }),
      user_id: Type.Optional(
        nullable(
          Type.Integer({
            description: 'Who sends it, for which `users:read` is needed; null for a visitor who is not signed in.',
          }),
        ),
      ),
      assurance: Type.Optional(
        choice(ASSURANCE_LEVELS, {
          description: 'What the user’s authentication reached; what the account can reach if omitted.',
        }),
      ),
      age: Type.Optional(
        Type.Integer({ minimum: 0, description: 'How many seconds ago the authentication was; 0 if omitted.' }),
      ),
    },
    { additionalProperties: false, examples: [{ method: 'GET', path: '/admin/users' }] },
  ),
)

const Position = (description: string) => nullable(Type.Integer({ minimum: 1, description }))

export const HostCheckView = named(
  'HostCheck',
  Type.Object(
    {
      passes: Type.Boolean(),
      reason: nullable(
        choice(HOST_REFUSALS, {
          description:
            'Why it does not pass. `malformed`: no app should see it. `ambiguous`: the readings of its path meet several rules. `shut_out`: the account is disabled or has expired.',
        }),
      ),
      position: Position('Which rule decides, from 1 on; null where none concerns the request, or several may.'),
      rule: nullable(RuleView),
      readings: Type.Array(
        Type.Object({ path: Type.String(), position: Position('The rule that it meets; null for none.') }),
        { description: 'For an ambiguous request: how programs may read its path, one reading for each rule.' },
      ),
    },
    { description: 'What would become of a request.' },
  ),
)

export function presentHostCheck({ rule, index, refusal, readings }: HostCheck): Static<typeof HostCheckView> {
  return {
    passes: refusal === undefined,
    reason: refusal ?? null,
    position: positionOf(index),
    rule: rule === undefined ? null : presentRule(rule),
    readings: readings.map(({ path, index: at }) => ({ path, position: positionOf(at) })),
  }
}

/** A rule’s position as people count; null for none. */
export function positionOf(index: number | undefined): number | null {
  return index === undefined || index < 0 ? null : index + 1
}
