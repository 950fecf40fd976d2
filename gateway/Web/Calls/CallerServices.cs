using Grpc.Core;
using Grpc.Core.Interceptors;
using Rewas.Hosting.Access;
using Rewas.V1;

namespace Rewas.Gateway.Web.Calls;

/// <summary>The services as the caller of a request may use them.</summary>
sealed class CallerServices(CallInvoker invoker)
{
    public SoundStudio.SoundStudioClient Studio { get; } = new(invoker);

    public AudioDiffusion.AudioDiffusionClient Diffusion { get; } = new(invoker);

    public SoundAgent.SoundAgentClient Agent { get; } = new(invoker);

    public SoundLibrary.SoundLibraryClient Library { get; } = new(invoker);

    /// <summary>The services for the caller of a request.</summary>
    public static CallerServices Of(HttpContext context) => new(
        context.RequestServices.GetRequiredService<ServiceConnection>().Client.Invoker.Intercept(new AsCaller(context.WebCaller())));

    /// <summary>Binds a parameter of a route.</summary>
    public static ValueTask<CallerServices?> BindAsync(HttpContext context) => ValueTask.FromResult<CallerServices?>(Of(context));
}
