/** What ONNX Runtime can evaluate nets with; apart from the evaluator, which loads the native runtime. */

/** cuda needs its libraries, webgpu any GPU. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];
