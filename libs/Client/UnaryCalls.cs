using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// Repetition of calls with one request and one response, by gRPC itself. A call is repeated if it was UNAVAILABLE. Describe is hedged: it
/// is answered from memory, so a late answer means that its replica is frozen or cut off, and another is asked. Streams are not repeated
/// here; <see cref="RequestRetry"/> repeats the request that they belong to.
/// </summary>
static class UnaryCalls
{
    const string Describe = "Describe";
    const int MostAttempts = 4, MostDescribes = 3;

    /// <summary>Far above the time of an answer from memory, and far below the time in which a ping finds a dead connection.</summary>
    public static readonly TimeSpan HedgingDelay = TimeSpan.FromSeconds(1);

    static readonly ServiceDescriptor[] Services =
    [
        V1.VideoEncoder.Descriptor, V1.EnergyPredictor.Descriptor, V1.AudioDiffusion.Descriptor, V1.Vocoder.Descriptor,
        SoundStudio.Descriptor, SoundAgent.Descriptor, Jobs.Descriptor, SoundLibrary.Descriptor,
    ];

    public static void AddTo(ServiceConfig config, RewasClientOptions options)
    {
        if (!options.Repeat)
            return;
        var unary = Services.SelectMany(service => service.Methods)
            .Where(method => !method.IsClientStreaming && !method.IsServerStreaming)
            .ToLookup(method => method.Name == Describe, NameOf);
        config.MethodConfigs.Add(Of(unary[true], new()
        {
            HedgingPolicy = new()
            {
                MaxAttempts = MostDescribes,
                HedgingDelay = HedgingDelay,
                NonFatalStatusCodes = { StatusCode.Unavailable },
            },
        }));
        config.MethodConfigs.Add(Of(unary[false], new()
        {
            RetryPolicy = new()
            {
                MaxAttempts = MostAttempts,
                InitialBackoff = options.RetryDelay,
                MaxBackoff = options.MaximumRetryDelay,
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        }));
    }

    static MethodName NameOf(MethodDescriptor method) => new() { Service = method.Service.FullName, Method = method.Name };

    static MethodConfig Of(IEnumerable<MethodName> methods, MethodConfig config)
    {
        foreach (var method in methods)
            config.Names.Add(method);
        return config;
    }
}
