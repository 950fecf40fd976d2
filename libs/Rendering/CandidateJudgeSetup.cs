using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Networks.Onnx;

namespace Rewas.Rendering;

/// <summary>The judge of candidates as a service of a host.</summary>
public static class CandidateJudgeSetup
{
    /// <summary>The judge of candidates, loaded when it is first needed. Calling this again changes nothing.</summary>
    public static IServiceCollection AddCandidateJudge(this IServiceCollection services)
    {
        services.TryAddSingleton(
            provider =>
                new CandidateJudge(provider.GetRequiredService<Bundle>(), provider.GetRequiredService<IOptions<OnnxOptions>>().Value));
        services.TryAddSingleton(provider => new Lazy<CandidateJudge>(provider.GetRequiredService<CandidateJudge>));
        return services;
    }
}
