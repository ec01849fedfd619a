import type { Job } from '#foundation/job.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { remindInvited } from './invitation-reminder.service.ts'

export const invitationReminderJob: Job = {
  name: 'invitation-reminders',
  every: minutes(10),
  // A clock that is ahead would remind of ends that are far away.
  needsSteadyClock: true,
  run: remindInvited,
}
