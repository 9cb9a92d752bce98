// Tensors of libtorch by number, and any ATen operator by name, for JavaScript. The dispatcher's boxed interface carries
// every operator, so that nothing here knows one of them: a kernel is a line of TypeScript that names its operator.
#include <napi.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Operator {
  c10::OperatorHandle handle;
  std::string name;
};

// One a thread that loads the addon: JavaScript's worker threads share no tensors.
struct State {
  std::vector<at::Tensor> tensors;
  std::vector<uint32_t> freeIds;
  std::vector<Operator> operators;
  at::Device device{at::kCPU};
  // Gradients are tfjs's business: no tape, no version counters.
  c10::InferenceMode inference{true};
};

State& stateOf(Napi::Env env) { return *env.GetInstanceData<State>(); }

uint32_t keep(State& state, at::Tensor tensor) {
  if (state.freeIds.empty()) {
    state.tensors.push_back(std::move(tensor));
    return static_cast<uint32_t>(state.tensors.size() - 1);
  }
  const uint32_t id = state.freeIds.back();
  state.freeIds.pop_back();
  state.tensors[id] = std::move(tensor);
  return id;
}

at::Tensor& tensorOf(State& state, uint32_t id) {
  if (id >= state.tensors.size() || !state.tensors[id].defined())
    throw std::runtime_error("internal: there is no tensor " + std::to_string(id));
  return state.tensors[id];
}

void release(State& state, uint32_t id) {
  tensorOf(state, id).reset();
  state.freeIds.push_back(id);
}

std::vector<int64_t> wholeNumbers(const Napi::Value& value) {
  if (!value.IsArray()) throw std::runtime_error("internal: an array of whole numbers was expected");
  const auto array = value.As<Napi::Array>();
  std::vector<int64_t> numbers(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) numbers[i] = array.Get(i).As<Napi::Number>().Int64Value();
  return numbers;
}

// Numbers are doubles, BigInts are integers: a Scalar decides by it whether an integer tensor stays one.
at::Scalar scalarOf(const Napi::Value& value) {
  if (value.IsBigInt()) {
    bool lossless = true;
    return at::Scalar(value.As<Napi::BigInt>().Int64Value(&lossless));
  }
  if (value.IsBoolean()) return at::Scalar(value.As<Napi::Boolean>().Value());
  return at::Scalar(value.As<Napi::Number>().DoubleValue());
}

c10::IValue toIValue(State& state, const c10::Type& type, const Napi::Value& value) {
  const bool none = value.IsNull() || value.IsUndefined();
  switch (type.kind()) {
    case c10::TypeKind::OptionalType:
      return none ? c10::IValue() : toIValue(state, *type.containedTypes().at(0), value);
    case c10::TypeKind::TensorType:
      return none ? c10::IValue(at::Tensor()) : c10::IValue(tensorOf(state, value.As<Napi::Number>().Uint32Value()));
    case c10::TypeKind::NumberType:
      return c10::IValue(scalarOf(value));
    case c10::TypeKind::IntType:
      return c10::IValue(value.As<Napi::Number>().Int64Value());
    case c10::TypeKind::FloatType:
      return c10::IValue(value.As<Napi::Number>().DoubleValue());
    case c10::TypeKind::BoolType:
      return c10::IValue(value.As<Napi::Boolean>().Value());
    case c10::TypeKind::StringType:
      return c10::IValue(value.As<Napi::String>().Utf8Value());
    case c10::TypeKind::DeviceObjType:
      return c10::IValue(c10::Device(value.As<Napi::String>().Utf8Value()));
    case c10::TypeKind::ListType: {
      const c10::Type& element = *type.containedTypes().at(0);
      if (element.kind() == c10::TypeKind::IntType) return c10::IValue(wholeNumbers(value));
      const auto array = value.As<Napi::Array>();
      if (element.kind() == c10::TypeKind::TensorType) {
        std::vector<at::Tensor> tensors;
        for (uint32_t i = 0; i < array.Length(); i++)
          tensors.push_back(tensorOf(state, array.Get(i).As<Napi::Number>().Uint32Value()));
        return c10::IValue(std::move(tensors));
      }
      if (element.kind() == c10::TypeKind::BoolType) {
        c10::List<bool> flags;
        for (uint32_t i = 0; i < array.Length(); i++) flags.push_back(array.Get(i).As<Napi::Boolean>().Value());
        return c10::IValue(std::move(flags));
      }
      if (element.kind() == c10::TypeKind::FloatType) {
        std::vector<double> numbers;
        for (uint32_t i = 0; i < array.Length(); i++) numbers.push_back(array.Get(i).As<Napi::Number>().DoubleValue());
        return c10::IValue(std::move(numbers));
      }
      if (element.kind() == c10::TypeKind::OptionalType) {
        c10::List<c10::optional<at::Tensor>> tensors;
        for (uint32_t i = 0; i < array.Length(); i++) {
          const Napi::Value entry = array.Get(i);
          if (entry.IsNull()) tensors.push_back(c10::nullopt);
          else tensors.push_back(tensorOf(state, entry.As<Napi::Number>().Uint32Value()));
        }
        return c10::IValue(std::move(tensors));
      }
      break;
    }
    default:
      break;
  }
  throw std::runtime_error("internal: no way to pass a " + type.str());
}

Napi::Value fromIValue(Napi::Env env, State& state, const c10::IValue& value) {
  // Operators leave out the results that were not asked for.
  if (value.isTensor() && !value.toTensor().defined()) return env.Null();
  if (value.isTensor()) return Napi::Number::New(env, keep(state, value.toTensor()));
  if (value.isTensorList()) {
    const auto tensors = value.toTensorVector();
    auto array = Napi::Array::New(env, tensors.size());
    for (size_t i = 0; i < tensors.size(); i++)
      array.Set(static_cast<uint32_t>(i), Napi::Number::New(env, keep(state, tensors[i])));
    return array;
  }
  if (value.isInt()) return Napi::Number::New(env, static_cast<double>(value.toInt()));
  if (value.isDouble()) return Napi::Number::New(env, value.toDouble());
  if (value.isBool()) return Napi::Boolean::New(env, value.toBool());
  if (value.isScalar()) return Napi::Number::New(env, value.toScalar().toDouble());
  return env.Null();
}

// The operator and the shapes it was given, before what ATen says about them.
std::string describe(State& state, const Operator& op, const std::vector<c10::IValue>& stack, const std::string& what) {
  std::ostringstream text;
  text << op.name << "(";
  for (size_t i = 0; i < stack.size(); i++) {
    if (i > 0) text << ", ";
    if (stack[i].isTensor() && stack[i].toTensor().defined())
      text << stack[i].toTensor().scalar_type() << stack[i].toTensor().sizes();
    else if (stack[i].isTensorList()) text << stack[i].toTensorVector().size() << " tensors";
    else if (stack[i].isNone() || stack[i].isTensor()) text << "none";
    else text << stack[i];
  }
  text << "): " << what.substr(0, what.find('\n'));
  return text.str();
}

template <typename Body>
Napi::Value guarded(const Napi::CallbackInfo& info, Body body) {
  try {
    return body(stateOf(info.Env()));
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(info.Env(), error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

// operator(name, overload) -> its number for `call`.
Napi::Value findOperator(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const std::string name = info[0].As<Napi::String>().Utf8Value();
    const std::string overload = info[1].As<Napi::String>().Utf8Value();
    const auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) throw std::runtime_error("internal: this libtorch has no operator " + name + "." + overload);
    state.operators.push_back({*handle, overload.empty() ? name : name + "." + overload});
    return Napi::Number::New(info.Env(), static_cast<double>(state.operators.size() - 1));
  });
}

// call(operator, ...arguments) -> a tensor's number, a number, or an array of them; missing arguments take their defaults.
Napi::Value call(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const Operator& op = state.operators.at(info[0].As<Napi::Number>().Uint32Value());
    const auto& arguments = op.handle.schema().arguments();
    std::vector<c10::IValue> stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); i++) {
      const bool given = i + 1 < info.Length() && !info[i + 1].IsUndefined();
      if (!given && arguments[i].default_value()) stack.push_back(*arguments[i].default_value());
      else if (!given) throw std::runtime_error("internal: " + op.name + " needs its argument " + arguments[i].name());
      else stack.push_back(toIValue(state, *arguments[i].type(), info[i + 1]));
    }
    const std::vector<c10::IValue> given = stack;
    try {
      op.handle.callBoxed(&stack);
    } catch (const c10::Error& error) {
      throw std::runtime_error(describe(state, op, given, error.what_without_backtrace()));
    }
    if (stack.size() == 1) return fromIValue(info.Env(), state, stack[0]);
    auto results = Napi::Array::New(info.Env(), stack.size());
    for (size_t i = 0; i < stack.size(); i++)
      results.Set(static_cast<uint32_t>(i), fromIValue(info.Env(), state, stack[i]));
    return results;
  });
}

// upload(typed array, shape) -> a tensor on the device: Float32Array, Int32Array, or Uint8Array for bools.
Napi::Value upload(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const auto values = info[0].As<Napi::TypedArray>();
    const auto shape = wholeNumbers(info[1]);
    const auto type = values.TypedArrayType();
    const auto dtype = type == napi_float32_array ? at::kFloat : type == napi_int32_array ? at::kInt : at::kBool;
    auto tensor = at::empty(shape, at::TensorOptions().dtype(dtype));
    if (static_cast<size_t>(tensor.numel()) != values.ElementLength())
      throw std::runtime_error("internal: " + std::to_string(values.ElementLength()) + " values for a tensor of " +
                               std::to_string(tensor.numel()));
    if (tensor.numel() > 0)
      std::memcpy(tensor.data_ptr(), static_cast<uint8_t*>(values.ArrayBuffer().Data()) + values.ByteOffset(),
                  values.ByteLength());
    return Napi::Number::New(info.Env(), keep(state, tensor.to(state.device)));
  });
}

// download(tensor) -> its values in the order of its indices.
Napi::Value download(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const auto tensor = tensorOf(state, info[0].As<Napi::Number>().Uint32Value()).to(at::kCPU).contiguous();
    auto buffer = Napi::ArrayBuffer::New(info.Env(), tensor.nbytes());
    if (tensor.nbytes() > 0) std::memcpy(buffer.Data(), tensor.data_ptr(), tensor.nbytes());
    const size_t count = tensor.numel();
    if (tensor.scalar_type() == at::kFloat) return Napi::Float32Array::New(info.Env(), count, buffer, 0);
    if (tensor.scalar_type() == at::kInt) return Napi::Int32Array::New(info.Env(), count, buffer, 0);
    if (tensor.scalar_type() == at::kBool) return Napi::Uint8Array::New(info.Env(), count, buffer, 0);
    throw std::runtime_error(std::string("internal: a tensor of ") + toString(tensor.scalar_type()) + " was kept");
  });
}

// layoutOf(tensor) -> [number of its ScalarType, ...shape]
Napi::Value layoutOf(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const auto& tensor = tensorOf(state, info[0].As<Napi::Number>().Uint32Value());
    auto layout = Napi::Array::New(info.Env(), tensor.dim() + 1);
    layout.Set(0u, Napi::Number::New(info.Env(), static_cast<double>(tensor.scalar_type())));
    for (int64_t i = 0; i < tensor.dim(); i++)
      layout.Set(static_cast<uint32_t>(i + 1), Napi::Number::New(info.Env(), static_cast<double>(tensor.size(i))));
    return layout;
  });
}

// free(...tensors)
Napi::Value freeTensors(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    for (size_t i = 0; i < info.Length(); i++) release(state, info[i].As<Napi::Number>().Uint32Value());
    return info.Env().Undefined();
  });
}

Napi::Value liveTensors(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(state.tensors.size() - state.freeIds.size()));
  });
}

// useDevice("cpu" | "cuda" | "cuda:1")
Napi::Value useDevice(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    const at::Device device(info[0].As<Napi::String>().Utf8Value());
    if (device.is_cuda() && !at::hasCUDA()) throw std::runtime_error("this libtorch finds no CUDA device");
    at::globalContext().setAllowTF32CuBLAS(true);
    at::globalContext().setAllowTF32CuDNN(true);
    at::globalContext().setBenchmarkCuDNN(true);
    // Fails here, with a sentence of its own, where there is no such device.
    at::empty({1}, at::TensorOptions().device(device));
    state.device = device;
    return info.Env().Undefined();
  });
}

Napi::Value setThreads(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State&) -> Napi::Value {
    at::set_num_threads(info[0].As<Napi::Number>().Int32Value());
    return info.Env().Undefined();
  });
}

Napi::Value about(const Napi::CallbackInfo& info) {
  return guarded(info, [&](State& state) -> Napi::Value {
    auto facts = Napi::Object::New(info.Env());
    facts.Set("version", TORCH_VERSION);
    facts.Set("cuda", at::hasCUDA());
    facts.Set("mkldnn", at::hasMKLDNN());
    facts.Set("threads", at::get_num_threads());
    facts.Set("device", state.device.str());
    return facts;
  });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
#ifdef __GLIBC__
  // A training step frees as much as it allocates. Pages given back to the system would be zeroed again at the next step.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
#endif
  env.SetInstanceData(new State());
  const std::pair<const char*, Napi::Value (*)(const Napi::CallbackInfo&)> functions[] = {
      {"findOperator", findOperator}, {"call", call},           {"upload", upload},
      {"download", download},         {"layoutOf", layoutOf},    {"free", freeTensors},
      {"liveTensors", liveTensors},   {"useDevice", useDevice}, {"setThreads", setThreads},
      {"about", about},
  };
  for (const auto& [name, function] : functions) exports.Set(name, Napi::Function::New(env, function, name));
  return exports;
}

}  // namespace

NODE_API_MODULE(tengen_torch, init)
