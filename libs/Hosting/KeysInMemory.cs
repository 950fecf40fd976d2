using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rewas.Hosting;

/// <summary>
/// Keys of ASP.NET's data protection, which YARP and authentication bring along and nothing here uses. They stay in the process: by default, a host writes
/// one below the user's home when it starts.
/// </summary>
sealed class KeysInMemory : IXmlRepository
{
    readonly ConcurrentQueue<XElement> keys = new();

    public static void Use(IServiceCollection services)
    {
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeysInMemory());
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));   // it warns that keys are not kept
    }

    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.Select(key => new XElement(key))];

    public void StoreElement(XElement element, string friendlyName) => keys.Enqueue(new(element));
}
