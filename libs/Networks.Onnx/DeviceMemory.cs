using Microsoft.ML.OnnxRuntime;

namespace Rewas.Networks.Onnx;

/// <summary>Where a session's networks keep tensors: the memory of its device, or this process's on a CPU.</summary>
static class DeviceMemory
{
    public static OrtAllocator AllocatorOf(InferenceSession session, string accelerator, int device)
    {
        if (accelerator == ExecutionProvider.Cpu)
            return new(session, OrtMemoryInfo.DefaultInstance);
        using var place = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, device, OrtMemType.Default);
        return new(session, place);
    }
}
