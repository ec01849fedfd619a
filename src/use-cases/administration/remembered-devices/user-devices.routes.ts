import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import {
  ForgottenDevices,
  presentRememberedDevice,
  RememberedDeviceList,
} from '#domain/remembered-devices/remembered-device.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readUser } from '../access/access.service.ts'
import { UserParameters } from '../users/users.schema.ts'
import { forgetDeviceOf, forgetDevicesOf } from './user-devices.service.ts'

const PATH = '/users/:id/remembered-devices'
const DeviceParameters = Type.Object({ ...UserParameters.properties, deviceId: Type.String({ maxLength: 64 }) })

export function userDevicesRoutes(app: App): void {
  app.get(
    PATH,
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listRememberedDevicesOfUser',
        summary: 'A user’s devices that skip the second step',
        description: 'The latest used first.',
        params: UserParameters,
        response: { 200: RememberedDeviceList },
      },
    },
    async ({ ctx, params }) => {
      const { devices, periods } = await listDevicesOf(ctx, await readUser(ctx, params))
      return { items: devices.map((device) => presentRememberedDevice(device, periods)) }
    },
  )

  app.delete(
    PATH,
    {
      config: { access: 'users:write', refusals: ['user.not_found'] },
      schema: {
        operationId: 'forgetRememberedDevicesOfUser',
        summary: 'Forget all remembered devices of a user',
        description: 'Each of them asks for the second step at its next sign-in. Sessions stay.',
        params: UserParameters,
        response: { 200: ForgottenDevices },
      },
    },
    async ({ ctx, params }) => ({ forgotten: await forgetDevicesOf(ctx, params) }),
  )

  app.delete(
    `${PATH}/:deviceId`,
    {
      config: { access: 'users:write', refusals: ['user.not_found', 'device.not_found'] },
      schema: {
        operationId: 'forgetRememberedDeviceOfUser',
        summary: 'Forget a remembered device of a user',
        description: 'It asks for the second step at its next sign-in.',
        params: DeviceParameters,
        response: { 204: Type.Null({ description: 'Forgotten.' }) },
      },
    },
    ({ ctx, params }) => forgetDeviceOf(ctx, params, params.deviceId),
  )
}
