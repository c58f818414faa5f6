/**
 * One transaction over the ports it is given: all of it is committed, or none. Never await the network inside.
 * A unit over many ports may stand where one over fewer is asked for.
 */
export interface UnitOfWork<Ports> {
  run<T>(body: (ports: Ports) => Promise<T>): Promise<T>
}
