using Google.Protobuf.Reflection;

namespace Rewas.Hosting.Access;

/// <summary>Methods whose requests are streams. Methods of other packages count as not streaming, except reflection.</summary>
static class StreamingMethods
{
    static readonly HashSet<string> Names =
    [
        .. typeof(V1.VideoEncoder).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetMethod is { IsStatic: true } descriptor
                && descriptor.ReturnType == typeof(ServiceDescriptor) ? (ServiceDescriptor)descriptor.Invoke(null, null)! : null)
            .OfType<ServiceDescriptor>()
            .SelectMany(service => service.Methods)
            .Where(method => method.IsClientStreaming)
            .Select(method => $"{method.Service.FullName}/{method.Name}"),
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ];

    /// <param name="method">SERVICE/METHOD.</param>
    public static bool Contains(string method) => Names.Contains(method);
}
