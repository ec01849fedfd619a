import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { clampRememberedDevices, deleteExpiredRememberedDevices } from './remembered-device.service.ts'

export const rememberedDeviceJob: Job = {
  name: 'expired-remembered-devices',
  every: minutes(10),
  needsSteadyClock: true,
  clamp: clampRememberedDevices,
  run: deleteExpiredRememberedDevices,
}
