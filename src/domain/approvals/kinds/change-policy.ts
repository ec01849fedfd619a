// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'
import { POLICY_FIELDS } from './create-policy.ts'

export const ChangePolicy = Type.Object({ policyId: Type.String(), ...POLICY_FIELDS })
