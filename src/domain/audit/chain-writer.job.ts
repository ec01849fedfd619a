import type { Job } from '#foundation/job.ts'
import { type ChainWriter, newChainWriter } from './chain-writer.service.ts'

/** Half of the second within which an event is chained. */
const EVERY = 500

/** Runs on each node without a lease: the lease of a dead node, which lasts a minute, would leave events unchained for as long. */
export function chainWriterJob(): Job {
  let writer: ChainWriter | undefined
  return {
    name: 'audit-chain',
    every: EVERY,
    onEveryNode: true,
    run(ctx, signal) {
      writer ??= newChainWriter(ctx)
      return writer.write(signal.aborted)
    },
  }
}
