import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import {
  ForgottenDevices,
  presentRememberedDevice,
  RememberedDeviceList,
} from '#domain/remembered-devices/remembered-device.schema.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { forgetOwnDevice, forgetOwnDevices } from './own-devices.service.ts'

const PATH = '/users/me/remembered-devices'

export function ownDevicesRoutes(app: App): void {
  app.get(
    PATH,
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'listMyRememberedDevices',
        summary: 'My devices that skip the second step',
        description: 'The latest used first. Only a sign-in on the pages remembers a device, where a policy allows it.',
        response: { 200: RememberedDeviceList },
      },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const { devices, periods } = await listDevicesOf(ctx, ctx.principal.user)
      return { items: devices.map((device) => presentRememberedDevice(device, periods)) }
    },
  )

  app.delete(
    PATH,
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'forgetMyRememberedDevices',
        summary: 'Forget all my remembered devices',
        description: 'Each of them asks for the second step at its next sign-in. Sessions stay.',
        response: { 200: ForgottenDevices },
      },
    },
    async (request) => ({ forgotten: await forgetOwnDevices(signedIn(request.ctx)) }),
  )

  app.delete(
    `${PATH}/:id`,
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['device.not_found'] },
      schema: {
        operationId: 'forgetMyRememberedDevice',
        summary: 'Forget one of my remembered devices',
        description: 'Another user’s device is answered like an unknown one.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null({ description: 'Forgotten.' }) },
      },
    },
    (request) => forgetOwnDevice(signedIn(request.ctx), request.params.id),
  )
}
