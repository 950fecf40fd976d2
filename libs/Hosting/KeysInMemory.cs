using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rewas.Hosting;

/// <summary>
/// Keeps the keys of ASP.NET's data protection in memory. YARP and authentication register data protection, but nothing here uses it. By
/// default, a host would write a key to the user's home at start.
/// </summary>
sealed class KeysInMemory : IXmlRepository
{
    readonly ConcurrentQueue<XElement> keys = new();

    public static void Use(IServiceCollection services)
    {
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeysInMemory());
        // Data protection warns that its keys are not persisted.
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
    }

    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.Select(key => new XElement(key))];

    public void StoreElement(XElement element, string friendlyName) => keys.Enqueue(new(element));
}
