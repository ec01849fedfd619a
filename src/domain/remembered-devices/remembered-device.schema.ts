import { toRfc3339 } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { type RememberedDevice, rememberedUntil, type RememberPeriod } from './remembered-device.ts'

const Moment = Type.String({ format: 'date-time' })

export const RememberedDeviceView = named(
  'RememberedDevice',
  Type.Object(
    {
      id: Type.String(),
      address: Type.String({ description: 'The IP address at which the second step was verified.' }),
      agent: nullable(Type.String()),
      remembered_at: Moment,
      last_used_at: Moment,
      expires_at: Type.String({ format: 'date-time', description: 'From then on the second step is asked for again.' }),
    },
    { additionalProperties: false },
  ),
)

export const RememberedDeviceList = named(
  'RememberedDeviceList',
  Type.Object(
    { items: Type.Array(RememberedDeviceView) },
    { description: 'The browsers that skip the second step, the latest used first.' },
  ),
)

export const ForgottenDevices = named(
  'ForgottenDevices',
  Type.Object({ forgotten: Type.Integer({ minimum: 0 }) }, { description: 'How many devices were forgotten.' }),
)

/** A remembered device as the API returns it, under the policies until now. */
export function presentRememberedDevice(
  device: RememberedDevice,
  periods: readonly RememberPeriod[],
): Static<typeof RememberedDeviceView> {
  return {
    id: device.id,
    address: device.address,
    agent: device.agent,
    remembered_at: toRfc3339(device.createdAt),
    last_used_at: toRfc3339(device.lastUsedAt),
    expires_at: toRfc3339(rememberedUntil(device, periods)),
  }
}
