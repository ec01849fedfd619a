// Commands about remembered devices.
import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import { presentRememberedDevice } from '#domain/remembered-devices/remembered-device.schema.ts'
import {
  type RememberedDevice,
  rememberedUntil,
  type RememberPeriod,
} from '#domain/remembered-devices/remembered-device.ts'
import type { User } from '#domain/users/user.ts'
import { texts } from '#foundation/texts/texts.ts'
import { forgetDeviceOf, forgetDevicesOf } from '#use-cases/administration/remembered-devices/user-devices.service.ts'
import { deviceText } from '#use-cases/page-sections/device.pages.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { USER_ARGUMENT, withUser, type Working } from '../terminal/invocation.ts'
import { type Column, counted, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

const columnsFor = (periods: readonly RememberPeriod[]): readonly Column<RememberedDevice>[] => [
  { head: 'id', of: ({ id }) => id },
  { head: 'last used', of: ({ lastUsedAt }) => ({ at: lastUsedAt }) },
  { head: 'until', of: (device) => ({ at: rememberedUntil(device, periods) }) },
  // The device says more, and a table with both would not fit.
  { head: 'address', plainOnly: true, of: ({ address }) => address },
  { head: 'device', cut: true, of: ({ agent }) => deviceText(texts('en'), { transport: 'cookie', agent }) },
]

export function addDevice(program: CliCommand): void {
  const device = program.command('device').description('manage remembered devices')
  device
    .command('list')
    .description('list the remembered devices of a user, most recent first')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('device list ada', 'device list ada --json')
    .action(withUser(list))
  device
    .command('forget')
    .description('forget one remembered device of a user, or all')
    .argument('<user>', USER_ARGUMENT)
    .argument('[id]', 'id of the device, from "device list"; all without it')
    .withExamples('device forget ada 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10', 'device forget ada')
    .action(withUser(forget))
}

async function list({ ctx, out }: Working, user: User): Promise<void> {
  const { devices, periods } = await listDevicesOf(ctx, user)
  if (out.form === 'json') {
    const items = devices.map((device) => presentRememberedDevice(device, periods))
    return out.json({ items, next_cursor: null })
  }
  printTable(out, columnsFor(periods), devices)
  out.say(totalOf(devices.length, 'remembered device', ` of ${printable(user.username)}`))
}

async function forget({ ctx, out }: Working, user: User, id?: string): Promise<void> {
  if (id !== undefined) {
    await forgetDeviceOf(ctx, user, id)
    return out.result({ forgotten: 1 }, 'Forgot the device')
  }
  const forgotten = await forgetDevicesOf(ctx, user)
  out.result({ forgotten }, `Forgot ${counted(forgotten, 'remembered device')} of ${printable(user.username)}`)
}
