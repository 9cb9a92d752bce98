/** A short click of a stone, made from decaying noise so that no sound file is needed. */
let context: AudioContext | null = null;

/** @param volume in [0, 1]. Call it after a click or key press: browsers keep quiet before one. */
export function playStoneSound(volume: number): void {
  context ??= new AudioContext();
  const seconds = 0.05;
  const buffer = context.createBuffer(1, Math.ceil(context.sampleRate * seconds), context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++)
    samples[i] = volume * (2 * Math.random() - 1) * Math.exp((-8 * i) / samples.length);
  const filter = new BiquadFilterNode(context, { type: 'bandpass', frequency: 1800, Q: 1.2 });
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(filter).connect(context.destination);
  source.start();
}
