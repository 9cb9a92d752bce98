/** What finished surfaces leave in their folder: every loss as JSON, and the picture. */
import { writeFileAtomically } from '#nets/atomic-file.ts';
import type { SurfaceConfig } from './config.ts';
import { coordinates } from './grid.ts';
import { writeSurfacePicture } from './picture.ts';
import { summaryOf, surfacesOf } from './surface.ts';
import type { SurfaceSummary } from './surface.ts';
import type { SurfaceFolder } from './surface-folder.ts';

/** Writes `surface.json` and `surface.svg` of a folder that has all its points. */
export function reportSurfaces(folder: SurfaceFolder, config: SurfaceConfig): SurfaceSummary[] {
  const surfaces = surfacesOf(config, folder.points());
  const json = JSON.stringify({ config, coordinates: coordinates(config), surfaces });
  writeFileAtomically(folder.file('surface.json'), Buffer.from(`${json}\n`));
  writeSurfacePicture(folder.file('surface.svg'), config, surfaces);
  return surfaces.map(summaryOf);
}
