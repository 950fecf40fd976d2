using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Hosting.Outgoing;

namespace Rewas.SoundStudio.Webhooks;

static class WebhooksSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOutgoingConnections();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSettings<WebhookOptions>(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SecretKey>().AddSingleton<WebhookSecrets>().AddSingleton<WebhookTable>();
        services.AddSingleton<WebhookEvents>().AddSingleton<WebhookPost>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}

/// <summary>Checks the options that are not plain ranges.</summary>
sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options) =>
        SecretKey.FaultOf(options.Key) is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
