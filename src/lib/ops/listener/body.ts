import type {IncomingMessage} from 'node:http'

export type Bounds = Readonly<{requestsMax: number; bytesMax: number}>

/** What requests may hold in memory together: a bound on their number and on the bytes of their bodies. */
export type Room = Readonly<{
  enter(): boolean
  take(bytes: number): boolean
  leave(bytes: number): void
  requests(): number
  bytes(): number
}>

export function createRoom({requestsMax, bytesMax}: Bounds): Room {
  let requests = 0
  let bytes = 0
  return {
    enter() {
      if (requests >= requestsMax) return false
      requests++
      return true
    },
    take(more) {
      if (bytes + more > bytesMax) return false
      bytes += more
      return true
    },
    leave(less) {
      requests--
      bytes -= less
    },
    requests: () => requests,
    bytes: () => bytes,
  }
}

/** `cut`: the sender went away or broke off in the middle. */
export type Body = Readonly<{kind: 'whole'; bytes: Buffer}> | Readonly<{kind: 'too-large' | 'no-room' | 'cut'}>

/** Reads the bytes of a request as they came. What it took of the room is told to `took` as it comes, for giving it back. */
export function readBody(
  request: IncomingMessage,
  room: Room,
  lengthMax: number,
  took: (bytes: number) => void,
): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const end = (body: Body) => {
      request.off('data', onData)
      resolve(body)
    }
    const onData = (chunk: Buffer) => {
      if (length + chunk.length > lengthMax) return end({kind: 'too-large'})
      if (!room.take(chunk.length)) return end({kind: 'no-room'})
      took(chunk.length)
      length += chunk.length
      chunks.push(chunk)
    }
    request.on('data', onData)
    request.once('end', () =>
      end({kind: 'whole', bytes: chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, length)}),
    )
    request.once('error', () => end({kind: 'cut'}))
    request.once('close', () => end({kind: 'cut'}))
  })
}
