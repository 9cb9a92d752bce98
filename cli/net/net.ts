/** `tengen net ...`: what may be done with net files. */
import { InvalidArgumentError, type Command } from 'commander';
import { ImageSpec, MAX_IMAGE_CHANNELS, MAX_IMAGE_SIDE } from '#nets/spec.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { filePath, filePaths, realNumber, wholeNumber } from '../common.ts';
import { registerEdge } from './edge.ts';
import { effort } from './effort.ts';
import { registerEval } from './eval.ts';
import { exportNet } from './export.ts';
import { importNet } from './import.ts';
import { info } from './info.ts';
import { inspect } from './inspect.ts';
import { registerPrune } from './prune.ts';
import { registerRecalibrate } from './recalibrate.ts';
import { ship } from './ship.ts';
import { registerSurface } from './surface.ts';

/** A commander argument parser for "28x28x1". */
function imageSize(text: string): ImageSpec['image'] {
  const [, height, width, channels] = /^(\d+)x(\d+)x(\d+)$/.exec(text) ?? [];
  const parsed = ImageSpec.shape.image.safeParse({
    height: Number(height),
    width: Number(width),
    channels: Number(channels),
  });
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    `Give height, width and channels, such as 28x28x1; at most ${MAX_IMAGE_SIDE} points a side and ${MAX_IMAGE_CHANNELS} channels.`,
  );
}

export function registerNet(program: Command): void {
  const net = program.command('net').description('inspect, measure, import, export and ship nets');
  net
    .command('info')
    .description("what a net file holds, Tengen's or KataGo's")
    .argument('[net]', 'net file, or the folder of a run', filePath, defaultNetPath)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net info runs/first/net.safetensors')
    .action(info);
  net
    .command('inspect')
    .description(
      'the layers of a net: output, parameters, FLOPs, receptive field, and the time for a position',
    )
    .argument(
      '[net]',
      'net file, the folder of a run, or the name of an architecture: resnet-20, vgg-16:8 and so on',
      filePath,
      defaultNetPath,
    )
    .option('--size <n>', 'points along a side of the board (9)', wholeNumber(2, 25))
    .option('--image <h>x<w>x<c>', 'of a named architecture: height, width and channels of images', imageSize)
    .option('--classes <n>', 'of a named architecture for images (10)', wholeNumber(2, 1000))
    .option('--no-time', 'leave out how long a position or image takes, which of large nets is long to find')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  tengen net inspect runs/first --size 19
  tengen net inspect densenet-40
  tengen net inspect lenet-5 --image 28x28x1`,
    )
    .action(inspect);
  registerEdge(net);
  registerEval(net);
  registerSurface(net);
  registerPrune(net);
  registerRecalibrate(net);
  net
    .command('import')
    .description("make a net file of one of KataGo's nets (.bin.gz, .bin, .txt.gz, .txt)")
    .argument('<file>', 'model file of KataGo, of version 8 to 17', filePath)
    .option(
      '--to <file>',
      'net file to write (default: the same name here, ending in .safetensors)',
      filePath,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net import kata1-b18c384nbt.bin.gz --to b18.safetensors')
    .action(importNet);
  net
    .command('export')
    .description('write a net as an ONNX graph, or for KataGo')
    .argument('[net]', 'net file, or the folder of a run', filePath, defaultNetPath)
    .option('--onnx <file>', 'ONNX graph of any batch and board size', filePath)
    .option('--katago <file>', 'model file of KataGo: .bin.gz, .bin, .txt.gz or .txt', filePath)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  tengen net export runs/first --katago first.bin.gz\n\nWhat ONNX graphs are given and say: docs/architectures.md',
    )
    .action(exportNet);
  net
    .command('effort')
    .description(
      "how often the slope of a net's differential equation is evaluated, and on which positions more",
    )
    .argument(
      '<net>',
      'net file, or the folder of a run, with #rtol=0.01 for a tolerance of its own',
      filePath,
    )
    .requiredOption('--games <file...>', 'SGF files or folders, gzipped or not', filePaths)
    .option(
      '--hold-out <share>',
      'share of games that training kept for tests',
      realNumber(0, 1),
      DEFAULT_HOLD_OUT,
    )
    .option('--every <n>', 'take each n-th position', wholeNumber(1, 1e6), 5)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net effort runs/ode#rtol=1e-4 --games games/*.sgfs.gz')
    .action(effort);
  net
    .command('ship')
    .description('make a net the one that Tengen plays with by default')
    .argument('<net>', 'net file, or the folder of a run', filePath)
    .option('--to <file>', 'the shipped net', filePath, defaultNetPath)
    .option('--fp16', 'store kernels in half precision, in half the bytes')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net ship runs/first')
    .action(ship);
}
