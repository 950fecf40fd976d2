using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Networks.Onnx;
using Rewas.Rendering.Guards;

namespace Rewas.Rendering;

/// <summary>Registers the judge of candidates, and the guard of its bundle, in a host.</summary>
public static class CandidateJudgeSetup
{
    /// <summary>Adds the judge, which is loaded on first use. Repeated calls change nothing.</summary>
    public static IServiceCollection AddCandidateJudge(this IServiceCollection services)
    {
        services.TryAddSingleton(
            provider => new CandidateJudge(
                provider.GetRequiredService<Bundle>(), provider.GetRequiredService<IOptions<OnnxOptions>>().Value,
                provider.GetRequiredService<IOptions<GuardOptions>>().Value));
        services.TryAddSingleton(provider => new LoadedOnce<CandidateJudge>(provider.GetRequiredService<CandidateJudge>));
        services.TryAddSingleton(provider => new LoadedOnce<SoundGuard?>(
            () => provider.GetService<Bundle>() is null ? null : provider.GetRequiredService<CandidateJudge>().Guard));
        return services;
    }
}
