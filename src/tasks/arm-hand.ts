import { cos, sin } from "../base";

/** Where the hand of a two-joint arm is on the screen, in the place of the first four states of the plant. */
export function armHand(
  [l1, l2]: readonly [upper: number, fore: number],
  [start1, start2]: readonly [number, number],
  rotation: number,
) {
  const [turnCos, turnSin] = [cos(rotation), sin(rotation)],
    startX = l1 * cos(start1) + l2 * cos(start1 + start2),
    startY = l1 * sin(start1) + l2 * sin(start1 + start2);
  return {
    /**
     * Position and velocity of the cursor, from angles and velocities y: the hand less where it starts, turned by the
     * visuomotor rotation.
     */
    write(cursor: Float64Array, [q1, q2, w1, w2]: Float64Array): void {
      const [x1, y1] = [l1 * cos(q1), l1 * sin(q1)],
        [x2, y2] = [l2 * cos(q1 + q2), l2 * sin(q1 + q2)];
      const x = x1 + x2 - startX,
        y = y1 + y2 - startY,
        vx = -y1 * w1 - y2 * (w1 + w2),
        vy = x1 * w1 + x2 * (w1 + w2);
      cursor[0] = turnCos * x - turnSin * y;
      cursor[1] = turnSin * x + turnCos * y;
      cursor[2] = turnCos * vx - turnSin * vy;
      cursor[3] = turnSin * vx + turnCos * vy;
    },
    /** `dY += (∂cursor/∂y)' dCursor` */
    adjoint(dY: Float64Array, dCursor: Float64Array, [q1, q2, w1, w2]: Float64Array): void {
      const [x1, y1] = [l1 * cos(q1), l1 * sin(q1)],
        [x2, y2] = [l2 * cos(q1 + q2), l2 * sin(q1 + q2)];
      const dx = turnCos * dCursor[0] + turnSin * dCursor[1],
        dy = turnCos * dCursor[1] - turnSin * dCursor[0],
        dvx = turnCos * dCursor[2] + turnSin * dCursor[3],
        dvy = turnCos * dCursor[3] - turnSin * dCursor[2];
      const fore = dy * x2 - dx * y2 - (dvx * x2 + dvy * y2) * (w1 + w2),
        spin = dvy * x2 - dvx * y2;
      dY[0] += fore + dy * x1 - dx * y1 - (dvx * x1 + dvy * y1) * w1;
      dY[1] += fore;
      dY[2] += spin + dvy * x1 - dvx * y1;
      dY[3] += spin;
    },
  };
}
